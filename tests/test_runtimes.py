"""Runtimes past the end of their support."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pratique.formats import json as json_format
from pratique.formats.table.grid import Style
from pratique.formats.table.summary import summary
from pratique.model import runtimes
from pratique.model.format import Look
from pratique.model.inventory import Inventory, Package
from pratique.model.report import Report
from pratique.model.runtimes import Runtime, runtimes_in
from pratique.model.settings import Settings


def judged(name: str, version: str, today: str, kind: str = "generic") -> tuple[bool | None, str]:
    [found] = runtimes_in([Package("x", "binary", kind, name, version)], today)
    return found.ended, found.date


@pytest.mark.parametrize(
    ("name", "version", "end"),
    [
        ("python", "3.8.20", "2024-10-07"),
        ("python", "3.10.1", "2026-10-31"),
        ("node", "16.20.2", "2023-09-11"),
        ("java", "1.8.0_412", "2030-12-31"),
        ("java", "24.0.2", "2025-09-16"),
        ("openssl", "1.1.1w", "2023-09-11"),
        ("openssl", "3.0.13", "2026-09-07"),
        ("php", "8.3.0RC4", "2027-12-31"),
        ("dotnet", "8.0.4", "2026-11-10"),
        ("mariadb", "10.11.6", "2028-02-16"),
        ("mariadb", "10.1.48", "2020-10-17"),
    ],
)
def test_a_release_ends_after_its_last_day(name: str, version: str, end: str) -> None:
    assert judged(name, version, end) == (False, end)
    assert judged(name, version, "2031-12-31") == (True, end)


@pytest.mark.parametrize(("name", "version"), [("python", "3.99.0"), ("java", ""), ("nginx", "x")])
def test_a_release_that_is_not_known_is_neither_fine_nor_ended(name: str, version: str) -> None:
    assert judged(name, version, "2026-01-01") == (None, "")


def test_gos_standard_library_and_a_bundled_dotnet_are_runtimes() -> None:
    assert judged("stdlib", "v1.19.8", "2026-01-01", "golang") == (True, "2023-09-06")
    net = "Microsoft.NETCore.App.Runtime.linux-x64"
    assert judged(net, "6.0.36", "2026-01-01", "nuget") == (True, "2024-11-12")


def test_packages_of_a_distribution_and_other_programs_are_not_judged() -> None:
    packages = [
        Package("var/lib/dpkg/status", "dpkg", "deb", "python", "2.7.18-8"),
        Package("bin/busybox", "binary", "generic", "busybox", "1.36.1"),
    ]
    assert list(runtimes_in(packages, "2026-01-01")) == []


def test_every_date_of_the_table_is_one() -> None:
    for releases in runtimes._ENDS.values():
        for release, end in releases.items():
            assert re.fullmatch(r"[\d.]+", release)
            assert date.fromisoformat(end).isoformat() == end


REPORT = Report(
    "app", "container_image", Inventory(), (),
    runtimes=(
        Runtime("python", "3.8.20", "usr/local/bin/python3.8", True, "2024-10-07"),
        Runtime("python", "3.8.20", "opt/bin/python3.8", True, "2024-10-07"),
        Runtime("node", "22.1.0", "usr/local/bin/node", False, "2027-04-30"),
        Runtime("nginx", "1.99.0", "usr/sbin/nginx", None),
    ),
)  # fmt: skip


def test_the_summary_names_what_has_ended_once() -> None:
    lines = list(summary(REPORT, Settings(), Style(color=False)))
    assert "  END OF LIFE: python 3.8.20 (since 2024-10-07)" in lines


def test_json_names_every_runtime() -> None:
    text = json_format.render([REPORT], Settings(), Look())
    assert text.count('"FilePath"') == 4
    assert '"Ended": null' in text
