from __future__ import annotations

from msgspec import json
from msgspec.structs import replace

from images import advisory
from pratique import evidence
from pratique.formats.json import render as as_json
from pratique.formats.table import render as as_table
from pratique.match import match
from pratique.model.format import Look
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.report import Report
from pratique.model.settings import Settings
from test_matching import Known

DEBIAN = Distro("etc/os-release", "debian", "12.5", "Debian GNU/Linux 12")
LIBRARY = Package("status", "dpkg", "deb", "libssl3", "3.0.9-1", "amd64", "openssl", "3.0.9-1")
HEADERS = replace(LIBRARY, name="libssl-dev", remarks=(evidence.HEADERS,))
GONE = replace(LIBRARY, name="aaa", remarks=("written again: x", evidence.deleted(3)))


def report() -> Report:
    known = Known(advisory("DEBIAN-CVE-2024-2", "Debian:12", "openssl", "3.0.11-1"))
    inventory = Inventory((HEADERS, GONE, LIBRARY), DEBIAN)
    return Report("x", "filesystem", inventory, match(inventory, known).findings)


def test_what_cannot_run_is_found_and_comes_last() -> None:
    assert [f.package.name for f in report().findings] == ["libssl3", "aaa", "libssl-dev"]
    assert {f.status for f in report().findings} == {"fixed"}


def test_the_table_says_in_two_words_why() -> None:
    text = as_table([report()], Settings(), Look(width=200))
    assert "(build files only)" in text
    assert "(deleted)" in text


def test_json_has_the_whole_remark() -> None:
    document = json.decode(as_json([report()], Settings(), Look()))
    found = {v["PkgName"]: v["Pratique"] for v in document["Results"][0]["Vulnerabilities"]}
    assert found["libssl-dev"]["Remarks"] == [evidence.HEADERS]
    assert found["aaa"]["Remarks"][1] == "deleted: all 3 programs of it cannot be found any more"
    assert not found["libssl3"]["Remarks"]


def test_a_program_written_again_still_runs() -> None:
    package = replace(LIBRARY, remarks=(evidence.overwritten([("usr/bin/openssl", 2)]),))
    assert package.remarks == ("written again: usr/bin/openssl by layer #3",)
    assert not evidence.is_inert(package)


def test_what_somebody_else_patched_is_told_by_its_version() -> None:
    for kind, version, by in [
        ("deb", "3.0.15-1~deb12u1.root.io.1", "Root.io"), ("apk", "3.1.4-r10071", "Root.io"),
        ("rpm", "1:1.1.1g-15.el8.tuxcare.els7", "TuxCare"), ("deb", "3.0.15-1", ""),
        ("apk", "3.1.4-r7", ""), ("apk", "3.1.4-r1007", ""),
    ]:  # fmt: skip
        said = evidence.rebuilt(replace(LIBRARY, type=kind, version=version))
        assert said.startswith(f"rebuilt by {by}") if by else said == ""
        assert not evidence.is_inert(replace(LIBRARY, remarks=(said,)))
