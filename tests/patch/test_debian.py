"""Patched Debian images, end to end: what is in the new layer, and what stops a patch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pysequoia
import pytest

from debian_lab import AGAIN, CERT, CONFFILES, NEW, NEW_FILES, OLD, Lab, installed
from debian_repository import File, control
from images import advisory
from pratique.cli import main


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_the_layer_is_what_dpkg_would_have_made(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch() == 0
    said = capsys.readouterr().out
    assert "removed: TEST-1" in said
    layer = lab.layer()
    assert lab.read("usr/lib/libours.so.1") == b"new library"
    assert layer["usr/lib/libours.so.1"].mode == 0o755
    assert layer["usr/lib/link.so"].linkname == "libours.so.1"
    assert layer["usr/lib/hard.so"].linkname == "usr/lib/libours.so.1"
    assert "lib" not in layer
    assert "lib/libours.so.1" not in layer
    # what the new version has no more, the folder as a whole
    assert {n for n in layer if ".wh." in n} == {
        "usr/share/ours/.wh.gone",
        "usr/share/ours/.wh.sub",
    }
    # configuration: as shipped is replaced, as changed is kept
    assert lab.read("etc/ours.conf") == b"shipped again\n"
    assert "etc/changed.conf" not in layer
    assert lab.read("etc/changed.conf.dpkg-dist") == b"shipped again\n"


def test_dpkgs_database_is_kept_true(lab: Lab) -> None:
    lab.packages.append((installed("other", "3"), {}))
    lab.controls = {"ours.postrm": b"exit 0\n"}
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch() == 0
    layer = lab.layer()
    status = lab.read("var/lib/dpkg/status").decode()
    assert f"Package: ours\nStatus: install ok installed\nVersion: {NEW}\n" in status
    assert f"Conffiles:\n /etc/ours.conf {AGAIN}\n" in status
    assert "Package: other" in status
    listed = lab.read("var/lib/dpkg/info/ours.list").decode().split("\n")
    assert listed[:3] == ["/.", "/lib", "/lib/libours.so.1"]
    assert f"{AGAIN}  etc/ours.conf" in lab.read("var/lib/dpkg/info/ours.md5sums").decode()
    assert "var/lib/dpkg/info/.wh.ours.postrm" in layer
    assert lab.read("var/lib/dpkg/info/ours.conffiles") == CONFFILES["conffiles"]


def test_configuration_manifest_and_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    lab.sources = "deb http://archive.test/debian bookworm main\n"
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch("--mirror", "URL") == 0
    first = (lab.out / "index.json").read_bytes()
    config, manifest = lab.config(), lab.manifest()
    assert config["history"][-1]["created_by"].startswith("pratique patch image.tar")
    assert config["created"] == "2025-06-15T15:06:40Z"
    assert len(config["rootfs"]["diff_ids"]) == len(manifest["layers"]) == 2
    assert manifest["annotations"]["org.opencontainers.image.base.name"] == "test/image:1"
    lab.out = lab.folder / "again"
    assert lab.patch("--mirror", "URL/debian bookworm main") == 0
    image = json.loads(first)["manifests"][0]
    assert json.loads((lab.out / "index.json").read_bytes())["manifests"][0] == image


def test_an_archive_can_be_scanned_and_is_clean(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES, "gz")
    assert lab.patch("--json", to="archive") == 0
    said = json.loads(capsys.readouterr().out)
    [platform] = said["Platforms"]
    assert platform["Findings"]["Before"] == {"UNKNOWN": 1}
    assert platform["Findings"]["After"] == {}
    assert [p["After"] for p in platform["Packages"]] == [NEW]
    assert main(["image", "--input", str(lab.out), "--advisories", str(lab.folder / "advisories"),
                 "--offline", "--exit-code", "9", "--cache-dir", str(lab.folder / "c")]) == 0  # fmt: skip


def test_folders_keep_their_modes(lab: Lab) -> None:
    lab.more["opt"] = None
    lab.more["srv/x"] = b""
    lab.archive.add("ours", NEW, {**NEW_FILES, "usr/share": None, "usr/share/new": b""}, CONFFILES)
    assert lab.patch() == 0
    assert lab.layer()["usr"].mode == 0o755
    assert lab.layer()["usr"].mtime == 1_700_000_000


def test_what_the_fix_needs_comes_along(lab: Lab) -> None:
    lab.packages += [
        (installed("data", OLD), {"usr/share/data": b"old"}),
        (installed("spare", "1"), {}),
    ]
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES, Depends=f"data (= {NEW}), fresh")
    lab.archive.add("data", NEW, {"usr/share/data": b"new"})
    lab.archive.add("fresh", "2", {"usr/share/fresh": b"!"}, Architecture="all")
    lab.archive.add("spare", "9", {"usr/share/spare": b"!"})
    assert lab.patch() == 0
    status = lab.read("var/lib/dpkg/status").decode()
    assert "Package: fresh" in status
    assert "Version: 9" not in status
    assert lab.read("usr/share/data") == b"new"


def _untrusted(lab: Lab) -> None:
    lab.archive.key = pysequoia.Tsk.generate("Somebody else <else@example.org>")


def _wrong_package(lab: Lab) -> None:
    lab.archive.changed["/debian/pool/0.deb"] = b"!<arch>\nsomething else"


def _wrong_index(lab: Lab) -> None:
    lab.archive.changed["/debian/dists/bookworm/main/binary-amd64/Packages.xz"] = b"x" * 30


def _stale(lab: Lab) -> None:
    lab.archive.release = {"Valid-Until": "Sat, 01 Jan 2022 00:00:00 UTC"}


def _future(lab: Lab) -> None:
    lab.archive.release = {"Date": "Sat, 01 Jan 2099 00:00:00 UTC"}


def _other_suite(lab: Lab) -> None:
    lab.archive.release = {"Codename": "bullseye", "Suite": "oldstable"}


def _edited(lab: Lab) -> None:
    path = "/debian/dists/bookworm/InRelease"
    lab.archive.changed[path] = lab.archive.files()[path].replace(
        b"Suite: stable", b"Suite: unstab"
    )


def _unsigned(lab: Lab) -> None:
    path = "/debian/dists/bookworm/InRelease"
    lab.archive.changed[path] = b"Suite: stable\nSHA256:\n " + b"0" * 64 + b" 1 x\n"


LIES: Mapping[str, tuple[Callable[[Lab], None], str]] = {
    "untrusted": (_untrusted, "signature is not good"),
    "package": (_wrong_package, "not the package that the signed index names"),
    "index": (_wrong_index, "not what the signed Release names"),
    "stale": (_stale, "was valid until"),
    "future": (_future, "of the future"),
    "suite": (_other_suite, "not of bookworm"),
    "edited": (_edited, "signature is not good"),
    "unsigned": (_unsigned, "is not signed"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_repository_that_lies_stops_the_patch(
    lab: Lab, lie: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    tell, word = LIES[lie]
    tell(lab)
    assert main_status(lab) != 0
    said = capsys.readouterr().err.strip()
    assert word in said
    assert "Traceback" not in said
    assert not lab.out.exists()
    assert not list(lab.folder.glob("*.part"))


def main_status(lab: Lab) -> int:
    try:
        return lab.patch()
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("name", ["../evil", "usr/../../evil", "usr/.wh.passwd"])
def test_a_package_that_leads_out_stops_the_patch(
    lab: Lab, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.archive.add("ours", NEW, {name: b"evil"})
    assert main_status(lab) == 4
    said = capsys.readouterr().err
    assert ("leads out" in said) or ("whiteout" in said)
    assert not lab.out.exists()


def test_another_package_than_the_index_names(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    lab.archive.add("other", "1", {})
    (text, _), (_, other) = lab.archive.debs
    lab.archive.debs = [(text, other)]
    assert main_status(lab) == 4
    assert "it is other 1 amd64, not the ours" in capsys.readouterr().err


@contextmanager
def _stays(lab: Lab, capsys: pytest.CaptureFixture[str], why: str) -> Iterator[None]:
    yield
    assert lab.patch() == 0
    said = capsys.readouterr().out
    assert why in " ".join(said.split())
    assert "nothing is written" in said
    assert not lab.out.exists()


def test_never_a_downgrade(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with _stays(lab, capsys, "the repositories have nothing newer"):
        lab.archive.add("ours", "0.9-1", NEW_FILES, CONFFILES)


def test_never_a_removal(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with _stays(lab, capsys, "ours does not go with rival"):
        lab.packages.append((installed("rival", "1"), {}))
        lab.archive.add("ours", NEW, NEW_FILES, CONFFILES, Conflicts="rival")


def test_needs_that_nobody_meets(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with _stays(lab, capsys, "ours needs nowhere (>= 3)"):
        lab.archive.add("ours", NEW, NEW_FILES, CONFFILES, Depends="nowhere (>= 3)")


def test_held_packages(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    def hold(files: dict[str, File]) -> None:
        status = files["var/lib/dpkg/status"]
        assert isinstance(status, bytes)
        files["var/lib/dpkg/status"] = status.replace(b"install ok", b"hold ok")

    with _stays(lab, capsys, "it is on hold"):
        lab.adjust = hold
        lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)


def test_scripts_that_matter(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with _stays(lab, capsys, "its postinst has to run: useradd --system ours"):
        script = b"#!/bin/sh\nset -e\nuseradd --system ours\n"
        lab.archive.add("ours", NEW, NEW_FILES, {**CONFFILES, "postinst": script})


def test_scripts_that_ran_at_installation(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    script = b"#!/bin/sh\nset -e\nuseradd --system ours\n"
    lab.controls = {"ours.postinst": script}
    lab.archive.add("ours", NEW, NEW_FILES, {**CONFFILES, "postinst": script})
    assert lab.patch() == 0
    assert "postinst" in capsys.readouterr().out
    assert lab.layer()["var/lib/dpkg/info/ours.postinst"].mode == 0o644  # as it was in the image


def test_triggers_that_matter(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with _stays(lab, capsys, "sets off a trigger of schemas"):
        lab.more["var/lib/dpkg/triggers/File"] = b"/usr/lib schemas\n/usr/share/ours man-db\n"
        lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)


def test_new_findings_take_the_patch_back(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES, Depends="fresh")
    lab.archive.add("fresh", "2", {"usr/share/fresh": b"!"})
    lab.records.append(advisory("TEST-2", "Debian:12", "fresh", "3"))
    assert main_status(lab) == 1
    assert "the patched image would have TEST-2" in capsys.readouterr().err
    assert not lab.out.exists()


def test_only_severities_that_are_asked_for(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch("--severity", "CRITICAL") == 0
    assert "nothing to patch" in capsys.readouterr().out
    assert not lab.out.exists()


def test_deb822_with_a_key_in_it_and_detached_signatures(lab: Lab) -> None:
    key = "\n".join(f" {line or '.'}" for line in str(CERT).splitlines())
    text = f"Types: deb\nURIs: URL/debian\nSuites: bookworm\nComponents: main\nSigned-By:\n{key}\n"

    def sources(files: dict[str, File]) -> None:
        line = files.pop("etc/apt/sources.list")
        del files["etc/apt/trusted.gpg.d/test.gpg"]
        assert isinstance(line, bytes)
        url = line.split()[1].decode().removesuffix("/debian")
        files["etc/apt/sources.list.d/x.sources"] = text.replace("URL", url).encode()

    lab.adjust = sources
    lab.archive.detached = True
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch() == 0


def test_distroless(lab: Lab) -> None:
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)

    def distroless(files: dict[str, File]) -> None:
        for name in [name for name in files if name.startswith("var/lib/dpkg/")]:
            del files[name]
        files["var/lib/dpkg/status.d/ours"] = control("ours", OLD).encode()
        files["var/lib/dpkg/status.d/ours.md5sums"] = (
            b"0  lib/libours.so.1\n0  usr/share/ours/gone\n"
        )

    lab.adjust = distroless
    assert lab.patch() == 0
    layer = lab.layer()
    stanza = lab.read("var/lib/dpkg/status.d/ours").decode()
    assert f"Version: {NEW}\n" in stanza
    assert "Status" not in stanza
    assert "usr/share/ours/.wh.gone" in layer
    assert AGAIN in lab.read("var/lib/dpkg/status.d/ours.md5sums").decode()
    assert not any(name.startswith("var/lib/dpkg/info") for name in layer)


def test_what_dpkg_is_told_to_leave_out(lab: Lab) -> None:
    lab.more["etc/dpkg/dpkg.cfg.d/docker"] = (
        b"path-exclude /usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\n"
    )
    files = {**NEW_FILES, "usr/share/doc/ours/README": b"", "usr/share/doc/ours/copyright": b""}
    lab.archive.add("ours", NEW, files, CONFFILES)
    assert lab.patch() == 0
    assert "usr/share/doc/ours/copyright" in lab.layer()
    assert "usr/share/doc/ours/README" not in lab.layer()


def test_diversions_and_overrides(lab: Lab) -> None:
    lab.more["var/lib/dpkg/diversions"] = b"/lib/libours.so.1\n/lib/libours.so.1.real\nother\n"
    lab.more["var/lib/dpkg/statoverride"] = b"root root 4711 /usr/share/new\n"
    lab.archive.add("ours", NEW, {"lib/libours.so.1": b"new", "usr/share/new": b""})
    assert lab.patch() == 0
    assert "usr/lib/libours.so.1.real" in lab.layer()
    assert lab.layer()["usr/share/new"].mode == 0o4711


@pytest.mark.parametrize("option", ["", "[signed-by=/usr/share/keyrings/x.gpg] "])
def test_a_mirror_is_verified_by_the_keys_of_the_release(lab: Lab, option: str) -> None:
    def keyring(files: dict[str, File]) -> None:
        files["usr/share/keyrings/x.gpg"] = files.pop("etc/apt/trusted.gpg.d/test.gpg")

    lab.adjust = keyring
    own = "" if option else "[signed-by=/usr/share/keyrings/x.gpg] "
    lab.sources = f"deb {own}http://archive.test/debian bookworm-security main\n"
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert lab.patch("--mirror", f"{option}URL/debian bookworm main") == 0


def test_without_keys_nothing_is_taken_but_by_a_keyring_that_is_named(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    def without(files: dict[str, File]) -> None:
        del files["etc/apt/trusted.gpg.d/test.gpg"]

    lab.adjust = without
    lab.archive.add("ours", NEW, NEW_FILES, CONFFILES)
    assert main_status(lab) == 4
    assert "no key" in capsys.readouterr().err
    keyring = lab.folder / "keyring.gpg"
    keyring.write_bytes(bytes(CERT))
    assert lab.patch("--keyring", str(keyring)) == 0
