"""The command line on the example image and on images made here, with a small feed mirror."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from images import (
    DEBIAN,
    advisory,
    digest,
    docker_archive,
    dpkg_status,
    feed_mirror,
    kev,
    layer_tar,
)
from pratique.cli import main

SHOP = str(Path(__file__).parents[1] / "examples" / "shop.tar")
CVSS = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = feed_mirror(tmp_path / "mirror", {
        "PyPI": [advisory("PYSEC-1", "PyPI", "Flask", "2.2.5", aliases=["CVE-2023-30861"],
                          summary="Cookies", details="Long text.")],
        "npm": [advisory("GHSA-jf85", "npm", "minimist", "1.2.6", aliases=["CVE-2021-44906"])],
        "Maven": [advisory("GHSA-jfh8", "Maven", "org.apache.logging.log4j:log4j-core", "2.15.0",
                           aliases=["CVE-2021-44228"], severity=[CVSS])],
        "Go": [advisory("GO-2021-113", "Go", "golang.org/x/text", "0.3.7")],
        "Debian": [advisory("DEBIAN-CVE-2023-4911", "Debian:12", "glibc", "2.36-9+deb12u3",
                            upstream=["CVE-2023-4911"])],
    })  # fmt: skip
    kev(folder, {"CVE-2021-44228": "2021-12-10"})
    return folder


class Outcome:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def findings(self) -> dict[str, Any]:
        every = [v for r in self.json["Results"] for v in r.get("Vulnerabilities", [])]
        return {v["VulnerabilityID"] + " " + v["PkgName"]: v for v in every}


class Program:
    def __init__(self, cache: Path, mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._options = ["--cache-dir", str(cache), "--feed-mirror", str(mirror)]
        self._capsys = capsys

    def __call__(self, *words: str, options: bool = True) -> Outcome:
        status = main([*words, *(self._options if options else [])])
        printed = self._capsys.readouterr()
        return Outcome(status, printed.out, printed.err)


@pytest.fixture
def run(
    tmp_path: Path,
    mirror: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    return Program(tmp_path / "cache", mirror, capsys)


def test_the_example_tells_its_story(run: Program) -> None:
    found = run("image", "--input", SHOP, "-f", "json").findings()
    log4j = found["CVE-2021-44228 org.apache.logging.log4j:log4j-core"]
    assert log4j["PkgPath"] == "app/shop.jar/BOOT-INF/lib/log4j-core-2.14.1.jar"
    assert (log4j["Severity"], log4j["FixedVersion"]) == ("CRITICAL", "2.15.0")
    assert log4j["CVSS"]["ghsa"]["V3Score"] == 10.0
    assert log4j["Layer"]["CreatedBy"] == "COPY target/shop.jar /app/shop.jar # buildkit"
    assert log4j["Pratique"]["KnownExploited"] == {"Added": "2021-12-10"} | {
        k: log4j["Pratique"]["KnownExploited"][k] for k in ("Due", "Ransomware")
    }
    assert set(found) == {
        "CVE-2021-44228 org.apache.logging.log4j:log4j-core", "CVE-2023-30861 Flask",
        "CVE-2021-44906 minimist", "GO-2021-113 golang.org/x/text",
        "CVE-2023-4911 libc-bin", "CVE-2023-4911 libc6",
    }  # fmt: skip
    flask = found["CVE-2023-30861 Flask"]
    assert (flask["Title"], flask["Description"]) == ("Cookies", "Long text.")
    assert found["CVE-2023-4911 libc6"]["Pratique"]["FromBase"] is True


def test_json_is_the_same_to_the_byte(run: Program) -> None:
    first = run("image", "--input", SHOP, "-f", "json").out
    assert run("image", "--input", SHOP, "-f", "json", "--no-cache").out == first


def test_the_table_leads_with_what_matters(run: Program) -> None:
    lines = run("image", "--input", SHOP).out.splitlines()
    assert lines[0] == SHOP
    assert lines[1].startswith(
        "  Debian GNU/Linux 12 (bookworm) (12.0) · linux/amd64 · 0.1 MB in 7"
    )
    assert lines[2] == "  base: debian:12, the first 1 of 7 layers (told by its history)"
    table = next(n for n, line in enumerate(lines) if line.startswith("ID "))
    assert lines[table + 1].split()[:3] == [
        "CVE-2021-44228*", "CRITICAL", "org.apache.logging.log4j:log4j-core",
    ]  # fmt: skip
    assert "\x1b" not in "".join(lines)
    totals = next(line for line in lines if "findings" in line)
    assert totals.split() == ["6", "findings,", "6", "with", "a", "fix", "1", "-", "-", "-", "5"]


@pytest.mark.parametrize(
    ("options", "status", "count"),
    [
        ((), 0, 6),
        (("--exit-code", "9"), 9, 6),
        (("--severity", "HIGH,critical", "--exit-code", "9"), 9, 1),
        (("--severity", "HIGH", "--exit-code", "9"), 0, 0),
        (("--pkg-types", "os", "--exit-code", "9"), 9, 2),
        (("--vuln-type", "library"), 0, 4),
        (("--skip-files", "app/shop.jar"), 0, 5),
        (("--skip-dirs", "app/node_modules,usr"), 0, 4),
    ],
)
def test_filters_decide_what_counts(
    run: Program, options: tuple[str, ...], status: int, count: int
) -> None:
    result = run("image", "--input", SHOP, "-f", "json", *options)
    assert (result.status, len(result.findings())) == (status, count)


def test_ignored_findings_do_not_count_and_can_be_shown(run: Program, tmp_path: Path) -> None:
    tmp_path.joinpath(".trivyignore").write_text(
        "# reviewed\nCVE-2021-44228\nGHSA-jf85 exp:2020-01-01\nCVE-2023-4911 exp:2999-01-01\n"
    )
    result = run("image", "--input", SHOP, "-f", "json", "--show-suppressed")
    assert set(result.findings()) == {
        "CVE-2023-30861 Flask", "CVE-2021-44906 minimist", "GO-2021-113 golang.org/x/text",
    }  # fmt: skip
    hidden = [m for r in result.json["Results"] for m in r.get("ExperimentalModifiedFindings", [])]
    assert len(hidden) == 3
    assert {m["Status"] for m in hidden} == {"ignored"}


def test_a_second_scan_asks_for_no_layer_and_no_feed(
    run: Program, tmp_path: Path, mirror: Path
) -> None:
    archive = tmp_path / "x.tar"
    layers = [layer_tar({"etc/os-release": DEBIAN}),
              layer_tar({"var/lib/dpkg/status": dpkg_status([("libc6", "2.36-9")])})]  # fmt: skip
    archive.write_bytes(docker_archive(layers))
    first = run("image", "--input", str(archive), "-f", "json").out
    # the same image, its layers unreadable: nothing but manifest and configuration is needed
    damaged = archive.read_bytes().replace(b"libc6", b"XXXXX")
    archive.write_bytes(damaged)
    for name in mirror.rglob("all.zip"):
        name.unlink()
    assert run("image", "--input", str(archive), "-f", "json").out == first
    assert run("image", "--input", str(archive), "--no-cache").status == 4


def test_a_base_is_read_once_for_all_that_share_it(run: Program, tmp_path: Path) -> None:
    base = layer_tar({"etc/os-release": DEBIAN,
                      "var/lib/dpkg/status": dpkg_status([("libc6", "2.36-9")])})  # fmt: skip
    one, two = tmp_path / "one.tar", tmp_path / "two.tar"
    one.write_bytes(docker_archive([base, layer_tar({"a": b"a"})]))
    run("image", "--input", str(one))
    # in the second archive the base's content is unreadable, yet its result is known
    broken = bytes(len(base))
    two.write_bytes(docker_archive([broken, layer_tar({"b": b"b"})],
                                   diff_ids=[digest(base), digest(layer_tar({"b": b"b"}))]))  # fmt: skip
    result = run("image", "--input", str(two), "-f", "json")
    assert [p["Name"] for p in result.json["Results"][0]["Packages"]] == ["libc6"]


def test_a_layer_that_is_not_what_it_claims_is_refused_and_not_kept(
    run: Program, tmp_path: Path
) -> None:
    good = layer_tar({"var/lib/dpkg/status": dpkg_status([("bash", "5")])})
    evil = layer_tar({"var/lib/dpkg/status": dpkg_status([])})
    archive = tmp_path / "evil.tar"
    archive.write_bytes(docker_archive([evil], diff_ids=[digest(good)]))
    result = run("image", "--input", str(archive))
    assert result.status == 4
    assert digest(good) in result.err
    assert result.err.count("\n") == 1
    archive.write_bytes(docker_archive([good]))
    packages = run("image", "--input", str(archive), "-f", "json").json["Results"][0]["Packages"]
    assert [p["Name"] for p in packages] == ["bash"]


def test_an_image_of_nothing_is_said_to_be_so(run: Program, tmp_path: Path) -> None:
    archive = tmp_path / "scratch.tar"
    archive.write_bytes(docker_archive([]))
    result = run("image", "--input", str(archive))
    assert result.status == 0
    assert "no distribution" in result.out
    assert "no packages found" in result.out


def test_an_unknown_distribution_is_never_shown_as_clean(run: Program, tmp_path: Path) -> None:
    archive = tmp_path / "unknown.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "etc/os-release": b"ID=templeos\nPRETTY_NAME=TempleOS\nVERSION_ID=5\n",
        "var/lib/dpkg/status": dpkg_status([("bash", "5")]),
    })]))  # fmt: skip
    result = run("image", "--input", str(archive))
    assert "a release that is not known" in result.out
    assert "no advisories are published for TempleOS: 1 deb packages were not checked" in result.out
    assert "No vulnerabilities found in what could be checked." in result.out
    assert run("image", "--input", str(archive), "--strict").status == 4


def test_offline_without_a_shard_is_status_5_with_a_report(run: Program, tmp_path: Path) -> None:
    archive = tmp_path / "alpine.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "etc/os-release": b"ID=alpine\nVERSION_ID=3.20.1\n",
        "lib/apk/db/installed": b"P:musl\nV:1.2.5-r0\nA:x86_64\n\n",
    })]))  # fmt: skip
    result = run("image", "--input", str(archive), "--offline")
    assert result.status == 5
    assert "NOT CHECKED: advisories are missing for Alpine:v3.20" in result.out


def test_a_root_file_system_and_a_project_are_scanned(run: Program, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "app/node_modules/minimist").mkdir(parents=True)
    (root / "app/node_modules/minimist/package.json").write_text(
        '{"name": "minimist", "version": "1.2.0"}'
    )
    (root / "requirements.txt").write_text("Flask==2.0.1\n")
    assert list(run("rootfs", str(root), "-f", "json").findings()) == ["CVE-2021-44906 minimist"]
    project = run("fs", str(root), "-f", "json")
    assert list(project.findings()) == ["CVE-2023-30861 Flask"]
    assert project.json["ArtifactType"] == "filesystem"


def test_a_report_is_written_whole_or_not_at_all(run: Program, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    assert run("image", "--input", SHOP, "-f", "json", "-o", str(target)).out == ""
    assert json.loads(target.read_text())["SchemaVersion"] == 2
    before = sorted(tmp_path.iterdir())
    assert run("image", "--input", "README.md", "-o", str(tmp_path / "other.json")).status == 3
    assert sorted(tmp_path.iterdir()) == before


def test_the_database_is_updated_and_told_of(run: Program, mirror: Path) -> None:
    run("image", "--input", SHOP)
    assert "unchanged" in run("db", "update").out
    (mirror / "osv-vulnerabilities.storage.googleapis.com/npm/all.zip").write_bytes(b"PK broken")
    result = run("db", "update")
    assert result.status == 5
    assert any(line.startswith("npm") and "not updated" in line for line in result.out.split("\n"))
    assert "CVE-2021-44906 minimist" in run("image", "--input", SHOP, "-f", "json").findings()


def test_cleaning_removes_what_was_kept(run: Program, tmp_path: Path) -> None:
    run("image", "--input", SHOP)
    assert list((tmp_path / "cache/layers").rglob("*"))
    main(["clean", "--cache-dir", str(tmp_path / "cache")])
    assert not [p for p in (tmp_path / "cache/layers").rglob("*") if p.is_file()]


def test_it_starts_without_what_a_scan_needs() -> None:
    code = "import sys; from pratique.cli import main; main(['--version']); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True)
    assert not {b"msgspec", b"argparse", b"sqlite3"} & set(modules.stdout.split())


@pytest.mark.parametrize("kept", [0, 100, 511, 600, 5000, 20_000, 60_000])
def test_a_truncated_archive_is_one_clear_line(run: Program, tmp_path: Path, kept: int) -> None:
    cut = tmp_path / "cut.tar"
    cut.write_bytes(Path(SHOP).read_bytes()[:kept])
    result = run("image", "--input", str(cut))
    assert result.status == 4
    assert result.err.startswith(f"pratique: {cut}: ")
    assert result.err.count("\n") <= 2
    assert result.out == ""


@pytest.mark.parametrize(
    "manifest",
    [b"", b"{}", b"[]", b"[1]", b'[{"Config": 1}]', b'[{"Config": "x", "Layers": ["../../a"]}]',
     b'[{"Config": "../../../etc/passwd", "Layers": []}]', b"[" * 100_000, b"\xff\xfe"],
)  # fmt: skip
def test_a_hostile_manifest_is_one_clear_line(
    run: Program, tmp_path: Path, manifest: bytes
) -> None:
    archive = tmp_path / "hostile.tar"
    archive.write_bytes(layer_tar({"manifest.json": manifest}))
    result = run("image", "--input", str(archive))
    assert result.status == 4
    assert result.err.startswith(f"pratique: {archive}: ")
    assert len(result.err) < 400


def test_broken_files_in_a_layer_are_problems_not_errors(run: Program, tmp_path: Path) -> None:
    archive = tmp_path / "broken.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "app/a.jar": b"PK\x03\x04 no archive",
        "var/lib/rpm/rpmdb.sqlite": b"SQLite format 3\0" + bytes(4096),
        "var/lib/rpm/Packages": b"\0" * 12 + b"\x61\x15\x06\0" + b"\xff" * 5000,
        "app/node_modules/x/package.json": b"[" * 100_000,
        "usr/lib/python3/x.dist-info/METADATA": b"no name",
    })]))  # fmt: skip
    result = run("image", "--input", str(archive), "-f", "json")
    assert result.status == 0
    where = {p["Where"] for p in result.json["Pratique"]["Reports"][0]["Problems"]}
    assert {"app/a.jar", "var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/Packages"} <= where
