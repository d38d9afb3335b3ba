from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from images import dpkg_status, layer_tar
from pratique import evidence
from pratique.cache import MemoryCache
from pratique.codecs.bytestream import ByteStream
from pratique.errors import NotFound
from pratique.inventory import Analyzers, take_inventory
from pratique.inventory.directory import read_directory
from pratique.inventory.filekind import is_program, passive, programs
from pratique.inventory.layer import LayerFacts, Reading
from pratique.inventory.provenance import foreign
from pratique.inventory.squash import as_inventory, stack
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Package
from pratique.model.settings import Settings

WANTED = Analyzers("installed").wanted
STATUS, INFO = "var/lib/dpkg/status", "var/lib/dpkg/info/{}.list"
Files = Mapping[str, bytes | None]


def installed(name: str, *paths: str) -> dict[str, bytes | None]:
    """Return what a layer holds after a package was installed."""
    return {
        STATUS: dpkg_status([(name, "1.0-1")]),
        INFO.format(name): "".join(f"/{path}\n" for path in (".", *paths)).encode(),
        **dict.fromkeys(paths, b"content"),
    }


def layer_facts(files: Files, links: Mapping[str, str] | None = None) -> LayerFacts:
    buffer = io.BytesIO(layer_tar(files))
    with tarfile.open(fileobj=buffer, mode="a") as archive:
        for path, target in (links or {}).items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return Reading(WANTED).read_tar(ByteStream(iter([buffer.getvalue()])))


def packages(*layers: LayerFacts) -> list[Package]:
    facts, files = stack(layers)
    return list(as_inventory(facts, None, files, layers).packages)


def remarks(*layers: LayerFacts) -> tuple[str, ...]:
    [package] = packages(*layers)
    return package.remarks


def test_a_package_whose_files_are_there_is_not_remarked_on() -> None:
    assert (
        remarks(layer_facts(installed("curl", "usr/bin/curl", "usr/share/doc/curl/README"))) == ()
    )


def test_a_package_whose_programs_were_deleted_is_said_to_be_gone() -> None:
    below = layer_facts(
        installed("curl", "usr/bin/curl", "usr/lib/libx.so.1", "usr/share/doc/curl/x")
    )
    above = layer_facts({"usr/bin/.wh.curl": b"", "usr/lib/.wh.libx.so.1": b""})
    assert remarks(below, above) == (evidence.deleted(2),)


@pytest.mark.parametrize("above", [{"usr/.wh.bin": b""}, {"usr/bin/.wh..wh..opq": b""}])
def test_a_deleted_or_opaque_folder_takes_its_programs_along(above: Files) -> None:
    below = layer_facts(installed("curl", "usr/bin/curl"))
    assert remarks(below, layer_facts(above)) == (evidence.deleted(1),)


def test_a_program_that_came_back_is_there() -> None:
    below = layer_facts(installed("curl", "usr/bin/curl"))
    again = layer_facts({"usr/bin/curl": b"again"})
    [said] = remarks(below, layer_facts({"usr/bin/.wh.curl": b""}), again)
    assert said == "written again: usr/bin/curl by layer #3"


def test_one_program_that_is_left_is_enough() -> None:
    below = layer_facts(installed("curl", "usr/bin/curl", "usr/bin/other"))
    assert remarks(below, layer_facts({"usr/bin/.wh.curl": b""})) == ()


def test_documentation_may_be_left_out_on_purpose() -> None:
    files = installed("curl", "usr/bin/curl", "usr/share/doc/curl/README", "usr/share/man/man1/c.1")
    del files["usr/share/doc/curl/README"], files["usr/share/man/man1/c.1"]
    assert remarks(layer_facts(files)) == ()


def test_a_slimmed_image_lists_what_it_does_not_have() -> None:
    files = installed("curl", "usr/bin/curl", "usr/share/doc/curl/README")
    del files["usr/bin/curl"]
    assert remarks(layer_facts(files)) == (evidence.deleted(1),)


def test_a_program_is_found_through_the_link_of_its_folder() -> None:
    files = installed("bash", "bin/bash", "lib64/ld.so.2")
    del files["bin/bash"], files["lib64/ld.so.2"]
    files |= {"usr/bin/bash": b"", "usr/lib/ld.so.2": b""}
    links = {"bin": "usr/bin", "lib64": "usr/lib64", "usr/lib64": "lib"}
    assert remarks(layer_facts(files, links)) == ()


@pytest.mark.parametrize(
    ("name", "paths", "said"),
    [
        ("libssl-dev", ["usr/include/openssl/ssl.h", "usr/lib/libssl.so", "usr/lib/libssl.a",
                        "usr/lib/pkgconfig/libssl.pc", "usr/share/doc/libssl-dev"],
         evidence.HEADERS),
        ("libcurl4-openssl-dev", ["usr/include/curl.h", "usr/bin/curl-config"], evidence.HEADERS),
        ("openssl-devel", ["usr/include/openssl/ssl.h"], evidence.HEADERS),
        ("linux-libc-dev", ["usr/include/linux/x.h", "usr/share/doc/x/README"], evidence.HEADERS),
        ("python3-doc", ["usr/share/doc/python3/examples/run.py"], evidence.DOCUMENTATION),
        ("tzdata", ["usr/share/zoneinfo/UTC", "usr/share/doc/tzdata/README"], evidence.DATA),
        ("gcc-12-base", ["usr/share/doc/gcc-12-base/README"], evidence.DOCUMENTATION),
    ],
)  # fmt: skip
def test_what_has_no_programs_is_told_by_its_files(name: str, paths: list[str], said: str) -> None:
    assert remarks(layer_facts(installed(name, *paths))) == (said,)


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("tool-dev", ["usr/include/x.h", "usr/bin/tool"]),
        ("x-dev", ["usr/include/x.h", "usr/lib/libx.so.1"]),
        ("git", ["usr/lib/git-core/git-add", "usr/share/doc/git/README"]),
        ("php-doc", ["usr/share/php/x.php"]),
        ("odd", ["etc/odd.conf", "usr/share/doc/odd/README"]),
        ("plugin", ["usr/lib/plugin/plugin.so"]),
    ],
)
def test_a_name_alone_demotes_nothing(name: str, paths: list[str]) -> None:
    assert remarks(layer_facts(installed(name, *paths))) == ()


def test_a_folder_in_a_list_is_no_file() -> None:
    files = installed("gcc-12-base", "usr/share/doc/gcc/README")
    files[INFO.format("gcc-12-base")] = (
        b"/.\n/usr\n/usr/lib\n/usr/lib/gcc\n/usr/share\n/usr/share/doc/gcc/README\n"
    )
    files["usr/lib/gcc"] = None
    assert remarks(layer_facts(files)) == (evidence.DOCUMENTATION,)


def test_a_program_that_a_later_layer_replaced_is_named() -> None:
    below = layer_facts(installed("openssl", "usr/bin/openssl", "etc/ssl/openssl.cnf"))
    above = layer_facts({"usr/bin/openssl": b"my own", "etc/ssl/openssl.cnf": b"mine"})
    assert remarks(below, layer_facts({"x": b""}), above) == (
        "written again: usr/bin/openssl by layer #3",
    )


def test_an_upgrade_is_no_replacement() -> None:
    below = layer_facts(installed("openssl", "usr/bin/openssl"))
    upgraded = installed("openssl", "usr/bin/openssl")
    upgraded[STATUS] = dpkg_status([("openssl", "1.1-1")])
    assert remarks(below, layer_facts(upgraded)) == ()


def test_many_replaced_programs_are_counted() -> None:
    names = [f"bin/p{number}" for number in range(9)]
    [said] = remarks(layer_facts(installed("p", *names)), layer_facts(dict.fromkeys(names, b"")))
    assert said.endswith(" and 6 more")


NODE = "usr/share/nodejs/semver/package.json"


def manifest(version: str) -> bytes:
    return b'{"name": "semver", "version": "%b"}' % version.encode()


def test_what_a_later_layer_made_of_an_owned_file_is_matched_by_itself() -> None:
    below = installed("node-semver", NODE) | {NODE: manifest("7.3.5")}
    assert [p.type for p in packages(layer_facts(below), layer_facts({NODE: manifest("7.6.0")}))] == [
        "deb", "npm",
    ]  # fmt: skip


def test_an_owned_file_that_was_only_touched_stays_owned() -> None:
    below = installed("node-semver", NODE) | {NODE: manifest("7.3.5")}
    assert [
        p.type for p in packages(layer_facts(below), layer_facts({NODE: manifest("7.3.5")}))
    ] == ["deb"]


def test_a_database_in_a_layer_beneath_its_files_owns_them() -> None:
    listed = {k: v for k, v in installed("node-semver", NODE).items() if k != NODE}
    assert [
        p.type for p in packages(layer_facts(listed), layer_facts({NODE: manifest("7.3.5")}))
    ] == ["deb"]


def test_a_directory_is_judged_like_a_layer(tmp_path: Path) -> None:
    for path, data in installed("curl", "usr/bin/curl", "usr/share/doc/curl/x").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data or b"")
    assert (
        read_directory(str(tmp_path), Analyzers("installed"), Settings()).packages[0].remarks == ()
    )
    (tmp_path / "usr/bin/curl").unlink()
    [package] = read_directory(str(tmp_path), Analyzers("installed"), Settings()).packages
    assert package.remarks == (evidence.deleted(1),)
    assert evidence.is_inert(package)


def test_a_path_tells_a_program() -> None:
    for path in ("bin/sh", "usr/lib/x/libx.so.1.2", "opt/a/bin/run", "usr/lib/python3/x.py",
                 "lib/modules/6.1/kernel/x.ko.xz", "usr/share/java/x.jar"):  # fmt: skip
        assert is_program(path)
    for path in ("usr/share/doc/x/run.py", "etc/passwd", "usr/lib/libx.a", "usr/bin/folder/x.dat"):
        assert not is_program(path)
    assert list(programs("x-dev", ["lib/libx.so", "lib/libx.so.1"])) == ["lib/libx.so.1"]
    assert passive("x", []) == ("", [])


def test_where_nobody_answers_for_a_file_it_is_matched_by_itself() -> None:
    folder = "var/lib/pacman/local/semver-7.3.5-1"
    files = {
        f"{folder}/desc": b"%NAME%\nsemver\n\n%VERSION%\n7.3.5-1\n",
        f"{folder}/files": f"%FILES%\n{NODE}\n".encode(),
        NODE: manifest("7.3.5"),
    }
    assert [p.type for p in packages(layer_facts(files))] == ["alpm", "npm"]


def test_what_was_not_looked_at_is_not_taken_for_deleted(tmp_path: Path) -> None:
    for path, data in installed("curl", "usr/bin/curl").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data or b"")
    skipping = Settings(skip_dirs=("usr/bin",))
    [package] = read_directory(str(tmp_path), Analyzers("installed"), skipping).packages
    assert package.remarks == ()


def test_a_layer_that_nobody_has_deletes_nothing() -> None:
    listed = {k: v for k, v in installed("curl", "usr/bin/curl").items() if k != "usr/bin/curl"}
    data = layer_tar(listed)
    own = Layer(Digest(f"sha256:{hashlib.sha256(data).hexdigest()}"))
    foreign = Layer(Digest("sha256:" + "0" * 64), urls=("https://example.org/x",))

    def chunks(layer: Layer) -> Iterator[bytes]:
        if layer.urls:
            raise NotFound("nobody has it")
        return iter([data])

    image = Image("x", Digest(""), (own, foreign))
    found = take_inventory(image, chunks, Analyzers("installed"), MemoryCache())
    assert [package.remarks for package in found.packages] == [()]
    assert len(found.problems) == 1


def test_what_a_vendor_s_package_installed_is_matched_by_itself() -> None:
    files = installed("nodejs", NODE) | {NODE: manifest("7.3.5")}
    files[STATUS] = dpkg_status([("nodejs", "18.20.2-1nodesource1")])
    node, semver = packages(layer_facts(files))
    assert (node.type, semver.type) == ("deb", "npm")
    assert "the distribution's advisories do not know it" in node.remarks[-1]


@pytest.mark.parametrize(
    ("vendor", "version", "theirs"),
    [
        ("Docker <support@docker.com>", "5:24.0.7-1~debian.12~bookworm", True),
        ("NGINX Packaging <nginx-packaging@f5.com>", "1.25.3-1~bookworm", True),
        ("Datadog <package@sub.datadoghq.com>", "1:7.50.0-1", True),
        ("Debian PostgreSQL Maintainers <x@tracker.debian.org>", "16.1-1.pgdg120+1", True),
        ("Someone <me@gmail.com>", "1.0-1", False),
        ("Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", "1.0-1", False),
        ("", "1.0-1", False),
        ("docker.com", "1.0-1", False),
    ],
)
def test_a_publisher_is_told_by_its_address(vendor: str, version: str, theirs: bool) -> None:
    package = Package("status", "dpkg", "deb", "x", version, vendor=vendor)
    assert foreign([package]) == ({"x"} if theirs else set())


def test_an_rpm_is_its_distribution_s_where_most_are_of_its_vendor() -> None:
    vendors = {"a": "New Distro", "b": "New Distro", "c": "Acme", "d": "Fedora Project", "e": ""}
    rpms = [Package("db", "rpm", "rpm", name, "1-1", vendor=v) for name, v in vendors.items()]
    assert foreign(rpms) == {"c"}


def test_a_folder_of_programs_is_no_program() -> None:
    files = installed("dconf", "usr/libexec/dconf/helper")
    files[INFO.format("dconf")] = (
        b"/.\n/usr\n/usr/libexec\n/usr/libexec/dconf\n/usr/libexec/dconf/helper\n"
    )
    assert remarks(layer_facts(files)) == ()
    listed = ["usr/libexec/dconf", "usr/libexec/dconf/helper"]
    assert list(programs("dconf", listed)) == ["usr/libexec/dconf/helper"]
