from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from images import advisory
from pratique.codecs import osv
from pratique.ecosystems.semver import version_key
from pratique.match import match, needed, shard_of
from pratique.model.advisory import (
    NOTHING,
    Advisory,
    Affected,
    Exploited,
    Flaw,
    Prose,
    Range,
    Rating,
)
from pratique.model.feed import About
from pratique.model.finding import Finding
from pratique.model.inventory import Distro, Inventory, Package


class Known:
    """Advisories in memory; satisfies pratique.model.advisory.Advisories."""

    def __init__(self, *records: dict[str, Any], flaws: dict[str, Flaw] | None = None) -> None:
        self.abouts: list[About] = []
        for record in records:
            data = json.encode(record)
            self.abouts += osv.affected(osv.read(data, "test"), lambda _: version_key)
        self.flaws = flaws or {}

    def has(self, ecosystem: str) -> bool:
        return ecosystem in {about.ecosystem for about in self.abouts}

    def about(self, ecosystem: str, name: str) -> Sequence[Affected] | None:
        if not self.has(ecosystem):
            return None
        return [
            replace(about.affected, number=number)
            for number, about in enumerate(self.abouts)
            if (about.ecosystem, about.name) == (ecosystem, name)
        ]

    def advisory(self, _ecosystem: str, number: int) -> Advisory:
        return self.abouts[number].advisory

    def flaw(self, id: str) -> Flaw:
        return self.flaws.get(id, NOTHING)

    def prose(self, _ecosystem: str, number: int) -> Prose:
        return self.abouts[number].prose

    def shards(self) -> list[Any]:
        return []


def npm(name: str, version: str) -> Package:
    return Package(f"node_modules/{name}/package.json", "node-pkg", "npm", name, version)


def deb(name: str, version: str, source: str, source_version: str = "") -> Package:
    return Package("var/lib/dpkg/status", "dpkg", "deb", name, version, "amd64", source,
                   source_version or version)  # fmt: skip


DEBIAN = Distro("etc/os-release", "debian", "12.5", "Debian GNU/Linux 12")


def findings(known: Known, *packages: Package, distro: Distro | None = None) -> list[Finding]:
    return list(match(Inventory(packages, distro), known).findings)


def test_records_that_share_an_id_are_one_finding() -> None:
    known = Known(
        advisory("GHSA-aaaa", "npm", "x", "1.2.0", aliases=["CVE-2024-1"]),
        advisory("NSWG-1", "npm", "x", "1.2.1", aliases=["OTHER-1"]),
        advisory("OTHER-1", "npm", "x", "1.2.0", aliases=["CVE-2024-1"]),
    )
    [found] = findings(known, npm("x", "1.0.0"))
    assert found.id == "CVE-2024-1"
    assert found.records == ("GHSA-aaaa", "NSWG-1", "OTHER-1")
    assert found.aliases == ("GHSA-aaaa", "NSWG-1", "OTHER-1")


def test_the_nearest_fixed_version_comes_first_and_lower_ones_are_no_help() -> None:
    record = advisory("GHSA-b", "npm", "x")
    record["affected"][0]["ranges"][0]["events"] = [
        {"introduced": "3.0.0"}, {"fixed": "3.1.0"}, {"introduced": "0"}, {"fixed": "1.5.0"},
        {"introduced": "2.0.0"}, {"fixed": "2.2.0"},
    ]  # fmt: skip
    assert findings(Known(record), npm("x", "2.1.0"))[0].fixed == ("2.2.0", "3.1.0")
    assert not findings(Known(record), npm("x", "1.9.0"))


def test_a_distribution_is_asked_by_source_package() -> None:
    known = Known(advisory("DEBIAN-CVE-2024-2", "Debian:12", "openssl", "3.0.11-1",
                           upstream=["CVE-2024-2"]))  # fmt: skip
    [found] = findings(known, deb("libssl3", "3.0.9-1", "openssl"), distro=DEBIAN)
    assert (found.id, found.fixed, found.ecosystem) == ("CVE-2024-2", ("3.0.11-1",), "Debian:12")


def test_the_source_version_counts_where_it_differs() -> None:
    known = Known(advisory("DEBIAN-CVE-2024-3", "Debian:12", "bash", "5.2.15-2"))
    binary = deb("bash", "5.2.15-2+b2", "bash", "5.2.15-2")
    assert not findings(known, binary, distro=DEBIAN)


def test_systems_and_languages_are_not_mixed_up() -> None:
    known = Known(
        advisory("GHSA-c", "npm", "curl", "99.0.0"),
        advisory("DEBIAN-CVE-2024-4", "Debian:12", "lodash", "99.0.0"),
    )
    packages = (deb("curl", "7.88.1-10", "curl"), npm("lodash", "4.0.0"))
    assert not findings(known, *packages, distro=DEBIAN)


def test_a_bulletin_is_a_finding_for_each_flaw_and_the_last_one_clears_it() -> None:
    alma = Distro("etc/os-release", "almalinux", "9.0")
    known = Known(
        advisory("ALSA-2024:1", "AlmaLinux:9", "git", "2.40-1.el9", related=["CVE-1", "CVE-2"]),
        advisory("ALSA-2024:2", "AlmaLinux:9", "git", "2.43-1.el9", related=["CVE-2"]),
    )
    git = Package("var/lib/rpm/rpmdb.sqlite", "rpm", "rpm", "git", "2.31-1.el9", "x86_64", "git")
    found = {f.id: f.fixed for f in findings(known, git, distro=alma)}
    assert found == {"CVE-1": ("2.40-1.el9",), "CVE-2": ("2.43-1.el9",)}


def test_what_nobody_publishes_for_is_a_problem() -> None:
    slackware = Distro("etc/os-release", "slackware", "15.0", "Slackware 15.0")
    result = match(Inventory((deb("bash", "5", "bash"),), slackware), Known())
    assert [p.what for p in result.problems] == [
        "no advisories are published for Slackware 15.0: 1 deb packages were not checked"
    ]


def test_a_missing_shard_is_named() -> None:
    result = match(Inventory((npm("x", "1.0.0"),)), Known())
    assert result.missing == ("npm",)
    assert "1 packages were not checked" in result.problems[0].what


def test_a_version_that_is_none_is_a_problem_where_it_matters() -> None:
    known = Known(advisory("GHSA-d", "npm", "x", "2.0.0"))
    result = match(Inventory((npm("x", "latest"), npm("y", "latest"))), known)
    assert [p.what for p in result.problems] == ["x: version 'latest' is none, not checked"]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([Rating("nvd", "CRITICAL"), Rating("ghsa", "LOW")], ("LOW", "ghsa")),
        ([Rating("nvd", "HIGH"), Rating("pypa", "LOW")], ("LOW", "pypa")),
        ([Rating("nvd", "HIGH")], ("HIGH", "nvd")),
        ([], ("UNKNOWN", "")),
    ],
)
def test_severity_is_that_of_the_nearest_source(
    ratings: list[Rating], expected: tuple[str, str]
) -> None:
    known = Known(advisory("GHSA-e", "npm", "x", "2.0.0", aliases=["CVE-2024-5"]),
                  flaws={"CVE-2024-5": Flaw(tuple(ratings))})  # fmt: skip
    [found] = findings(known, npm("x", "1.0.0"))
    assert (found.severity, found.severity_source) == expected


def test_what_is_exploited_comes_first() -> None:
    known = Known(
        advisory("CVE-2024-6", "npm", "x", "2.0.0"),
        advisory("CVE-2024-7", "npm", "x", "2.0.0"),
        flaws={"CVE-2024-7": Flaw(exploited=Exploited("2024-05-01", "2024-05-22", True))},
    )
    assert [f.id for f in findings(known, npm("x", "1.0.0"))] == ["CVE-2024-7", "CVE-2024-6"]


def test_a_removed_class_is_evidence_against_log4shell() -> None:
    core = "org.apache.logging.log4j:log4j-core"
    known = Known(advisory("GHSA-f", "Maven", core, "2.15.0", aliases=["CVE-2021-44228"]))
    plain = Package("a.jar", "jar", "maven", core, "2.14.1")
    lookup = "without org/apache/logging/log4j/core/lookup/JndiLookup.class"
    mitigated = Package("b.jar", "jar", "maven", core, "2.14.1", module=lookup)
    found = {f.package.path: (f.status, f.reason) for f in findings(known, plain, mitigated)}
    assert found["a.jar"] == ("fixed", "")
    assert found["b.jar"] == ("not_affected", "JndiLookup.class was removed from the archive")


def test_a_malicious_package_is_one_by_its_exact_versions_or_all_of_them() -> None:
    package = {"ecosystem": "npm", "name": "left-pab"}
    named = {"id": "MAL-2025-1", "affected": [{"package": package, "versions": ["1.0.0"]}]}
    every = advisory("MAL-2025-2", "npm", "right-pab", aliases=["GHSA-pab"])
    [found] = findings(Known(named), npm("left-pab", "1.0.0"))
    assert (found.severity, found.severity_source) == ("CRITICAL", "openssf")
    assert (found.cwes, found.remarks) == (("CWE-506",), ("malicious",))
    assert not findings(Known(named), npm("left-pab", "1.0.1"))
    assert findings(Known(every), npm("right-pab", "7.0.0"))[0].remarks == ("malicious",)


RHEL = Distro("etc/os-release", "rhel", "8.9", "Red Hat Enterprise Linux 8.9")


def rpm(name: str, version: str, source: str = "", module: str = "", arch: str = "x86_64"
        ) -> Package:  # fmt: skip
    return Package("var/lib/rpm/rpmdb.sqlite", "rpm", "rpm", name, version, arch, source or name,
                   version, module=module)  # fmt: skip


class Told(Known):
    """Advisories as a feed yields them."""

    def __init__(self, *abouts: About) -> None:
        super().__init__()
        self.abouts = list(abouts)


def about(name: str, fixed: str = "", module: str = "", arches: tuple[str, ...] = ()) -> About:
    stretch = Range("0", fixed)
    affected = Affected((stretch,), module=module, arches=arches)
    return About("Red Hat:8", name, affected, Advisory("CVE-2024-9"))


STREAM18, STREAM20 = "nodejs:18:8090020231005:abcdef01", "nodejs:20:8090020231006:abcdef02"
BUILT = "module+el8.9.0+19519+e25b965a"


@pytest.mark.parametrize(
    ("record", "package", "is_found"),
    [
        (
            about("nodejs", f"1:18.19.0-1.{BUILT}", "nodejs:18"),
            rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18),
            True,
        ),
        (
            about("nodejs", f"1:20.19.0-1.{BUILT}", "nodejs:20"),
            rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18),
            False,
        ),
        (
            about("nodejs", f"1:20.19.0-1.{BUILT}"),
            rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18),
            True,
        ),
        (
            about("nodejs", "1:20.19.0-1.el8"),
            rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18),
            False,
        ),
        (about("nodejs", f"1:20.19.0-1.{BUILT}"), rpm("nodejs", "1:18.18.0-1.el8"), False),
        (
            about("nodejs", f"1:20.19.0-1.{BUILT}", "nodejs:20"),
            rpm("nodejs", f"1:20.18.0-1.{BUILT}"),
            True,
        ),
        (
            about("nodejs", "", "nodejs:18"),
            rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18),
            True,
        ),
        (
            about("nodejs", "", "nodejs:18"),
            rpm("nodejs", f"1:20.18.0-1.{BUILT}", module=STREAM20),
            False,
        ),
        (about("nodejs", ""), rpm("nodejs", f"1:18.18.0-1.{BUILT}", module=STREAM18), False),
        (about("nodejs", ""), rpm("nodejs", "1:16.18.0-1.el8"), True),
    ],
)
def test_streams_of_modules_are_kept_apart(
    record: About, package: Package, *, is_found: bool
) -> None:
    assert bool(findings(Told(record), package, distro=RHEL)) == is_found


def test_a_source_package_has_an_epoch_that_nobody_knows() -> None:
    known = Told(about("perl", "4:5.26.3-422.el8"))
    old = rpm("perl-Errno", "1.28-421.el8", "perl")
    old = replace(old, source_version="5.26.3-421.el8")
    assert findings(known, old, distro=RHEL)
    new = replace(old, source_version="5.26.3-422.el8")
    assert not findings(known, new, distro=RHEL)


def test_a_record_of_an_architecture_is_about_that_alone() -> None:
    known = Told(about("kernel", "4.18.0-2.el8", arches=("aarch64",)))
    assert findings(known, rpm("kernel", "4.18.0-1.el8", arch="aarch64"), distro=RHEL)
    assert not findings(known, rpm("kernel", "4.18.0-1.el8"), distro=RHEL)


def test_needed_names_the_shards_of_an_inventory() -> None:
    inventory = Inventory((npm("x", "1"), deb("bash", "5", "bash")), DEBIAN)
    assert needed(inventory) == {"npm", "Debian:12"}
    assert shard_of(deb("bash", "5", "bash"), None) == ""


versions = st.sampled_from(["0.9.0", "1.0.0", "1.1.0-rc.1", "1.1.0", "1.2.0", "2.0.0", "2.1.0"])
events = st.one_of(
    st.builds(lambda v: {"introduced": v}, st.one_of(st.just("0"), versions)),
    st.builds(lambda v: {"fixed": v}, versions),
    st.builds(lambda v: {"last_affected": v}, versions),
)


def specified(version: str, events: list[dict[str, str]]) -> bool:
    """Evaluate as the OSV schema's algorithm does, over events in the order of their versions."""
    vulnerable = False
    at = version_key(version)
    for event in sorted(events, key=lambda e: place(next(iter(e.values())))):
        [(kind, bound)] = event.items()
        if kind == "introduced" and (bound == "0" or at >= version_key(bound)):
            vulnerable = True
        elif (kind == "fixed" and at >= version_key(bound)) or (
            kind == "last_affected" and at > version_key(bound)
        ):
            vulnerable = False
    return vulnerable


def place(version: str) -> tuple[Any, ...]:
    return (0,) if version == "0" else (1, version_key(version))


@given(versions, st.lists(events, min_size=1, max_size=5,
                          unique_by=lambda e: next(iter(e.values()))))  # fmt: skip
def test_ranges_mean_what_the_schema_says(version: str, events: list[dict[str, str]]) -> None:
    # a pair in the wrong order is a slip, see below
    assume(
        len(events) != 2
        or "introduced" not in events[0]
        or place(next(iter(events[0].values()))) <= place(next(iter(events[1].values())))
    )
    record = advisory("GHSA-g", "npm", "x")
    record["affected"][0]["ranges"][0]["events"] = events
    record["affected"].append({"package": {"ecosystem": "npm", "name": "y"}, "versions": ["1"]})
    assert bool(findings(Known(record), npm("x", version))) == specified(version, events)


def test_a_pair_in_the_wrong_order_holds_nothing() -> None:
    record = advisory("GHSA-j", "npm", "x")
    record["affected"][0]["ranges"][0]["events"] = [
        {"introduced": "3.0.0"}, {"last_affected": "3.0.0-M2"},
    ]  # fmt: skip
    assert not findings(Known(record), npm("x", "5.3.7"))


def test_a_withdrawn_record_says_nothing() -> None:
    record = advisory("GHSA-h", "npm", "x", withdrawn="2025-01-01T00:00:00Z")
    assert not Known(record).abouts


def test_commits_are_not_versions() -> None:
    record = advisory("GHSA-i", "npm", "x", "abc")
    record["affected"][0]["ranges"][0]["type"] = "GIT"
    assert not Known(record).abouts
