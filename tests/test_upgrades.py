"""The lowest versions that remove most, and the order in which they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.model.advisory import Exploited
from pratique.model.finding import Finding
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.report import Report
from pratique.upgrades import changes, level, upgrades


def finding(
    name: str, installed: str, *fixed: str, id: str = "CVE-2020-1", severity: str = "HIGH",
    type: str = "pypi", source: str = "", exploited: bool = False,
) -> Finding:  # fmt: skip
    package = Package("p", "x", type, name, installed, source=source)
    known = Exploited("2021-01-01", "2021-02-01") if exploited else None
    return Finding(package, id, (), (), (), "", (), fixed, severity, "", (), "affected", known)


def report(*findings: Finding, distro: Distro | None = None) -> Report:
    return Report("x", "container_image", Inventory(distro=distro), findings)


def test_a_patch_of_the_same_series_is_preferred() -> None:
    """Flask 2.0.1 goes to 2.0.3, where that is fixed as 2.3.2 is."""
    [upgrade] = upgrades(report(finding("flask", "2.0.1", "2.0.3", "2.3.2")))
    assert (upgrade.to, upgrade.level) == ("2.0.3", "patch")


def test_the_lowest_version_that_removes_all() -> None:
    [upgrade] = upgrades(report(
        finding("jinja2", "3.0.0", "3.1.3", id="CVE-1"),
        finding("jinja2", "3.0.0", "3.1.5", id="CVE-2"),
        finding("jinja2", "3.0.0", id="CVE-3"),
    ))  # fmt: skip
    assert (upgrade.to, upgrade.level) == ("3.1.5", "minor")
    assert [f.id for f in upgrade.removes] == ["CVE-1", "CVE-2"]
    assert [f.id for f in upgrade.remaining] == ["CVE-3"]


def test_versions_are_ordered_as_the_ecosystem_does() -> None:
    [upgrade] = upgrades(report(
        finding("x", "1.9.0", "1.10.0", id="CVE-1"), finding("x", "1.9.0", "1.9.9", id="CVE-2"),
    ))  # fmt: skip
    assert upgrade.to == "1.10.0"


def test_the_distribution_is_one_change_and_a_source_one_upgrade() -> None:
    debian = Distro("", "debian", "12")
    found = changes(report(
        finding("libssl3", "3.0.9-1", "3.0.11-1", type="deb", source="openssl"),
        finding("openssl", "3.0.9-1", "3.0.15-1", type="deb", source="openssl", id="CVE-2"),
        finding("curl", "7.88-1", "7.88-2", type="deb", id="CVE-3"),
        finding("requests", "2.0.0", "2.31.0", severity="LOW"),
        distro=debian,
    ))  # fmt: skip
    assert [change.is_system for change in found] == [True, False]
    assert [(u.name, u.to, u.packages) for u in found[0].upgrades] == [
        ("openssl", "3.0.15-1", ("libssl3", "openssl")), ("curl", "7.88-2", ("curl",)),
    ]  # fmt: skip


def test_what_is_exploited_comes_first() -> None:
    found = changes(report(
        *(finding("a", "1.0", "1.1", severity="CRITICAL", id=f"CVE-{n}") for n in range(5)),
        finding("b", "1.0", "1.1", severity="MEDIUM", exploited=True),
    ))  # fmt: skip
    assert [change.upgrades[0].name for change in found] == ["b", "a"]


def test_what_has_no_fix_is_no_change() -> None:
    assert changes(report(finding("x", "1.0"))) == []


@pytest.mark.parametrize(("installed", "to", "expected"), [
    ("2.0.1", "2.0.3", "patch"), ("2.0.1", "2.3.2", "minor"), ("2.0.1", "3.0.0", "major"),
    ("v1.19.1", "1.25.13", "minor"), ("1", "1.0.1", "patch"), ("", "1", "major"),
    ("2.9.8", "2.9.10.8", "patch"),
])  # fmt: skip
def test_how_far_a_version_goes(installed: str, to: str, expected: str) -> None:
    assert level(installed, to) == expected


_VERSIONS = st.from_regex(r"\A[0-9]{1,2}(\.[0-9]{1,2}){0,3}\Z")


@given(st.lists(st.lists(_VERSIONS, max_size=3), min_size=1, max_size=5))
def test_a_plan_accounts_for_every_finding(fixes: list[list[str]]) -> None:
    found = [finding("x", "0.1", *fixed, id=f"CVE-{n}") for n, fixed in enumerate(fixes)]
    for upgrade in upgrades(report(*found)):
        assert sorted(f.id for f in (*upgrade.removes, *upgrade.remaining)) == sorted(
            f.id for f in found)  # fmt: skip
        assert upgrade.removes
        assert any(upgrade.to in fixed for fixed in fixes)
