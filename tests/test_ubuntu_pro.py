"""Ubuntu's two lines of fixes: everybody's, and those of Ubuntu Pro (`+esm`, `+Fips`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from images import advisory
from pratique.advisories.database import Database
from pratique.advisories.fetch import folder
from pratique.advisories.update import Request, update
from pratique.ecosystems.deb import ubuntu
from pratique.match import match
from pratique.model.finding import Finding
from pratique.model.inventory import Distro, Inventory, Package
from test_matching import Known, deb

BIONIC = Distro("etc/os-release", "ubuntu", "18.04", "Ubuntu 18.04.6 LTS", "bionic")
JAMMY = Distro("etc/os-release", "ubuntu", "22.04", "Ubuntu 22.04.5 LTS", "jammy")
PRO_ONLY = "fixed in {} with Ubuntu Pro only"


class Folded(Known):
    """Records in the shards that the database keeps them in."""

    def __init__(self, *records: dict[str, Any]) -> None:
        super().__init__(*records)
        self.abouts = [
            replace(a, ecosystem=f"Ubuntu:{ubuntu.fold(a.ecosystem.partition(':')[2])}")
            for a in self.abouts
        ]


@pytest.fixture
def samples(feed_mirror: Path) -> Folded:
    folder = feed_mirror / "_samples" / "ubuntu-osv"
    return Folded(*(json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))))


def find(known: Known, distro: Distro, *packages: Package) -> dict[str, Finding]:
    return {f.id: f for f in match(Inventory(packages, distro), known).findings
            if f.package == packages[0]}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "shard"),
    [("22.04:LTS", "22.04:LTS"), ("23.10", "23.10"), ("Pro:18.04:LTS", "18.04:LTS"),
     ("Pro:FIPS:22.04:LTS", "22.04:LTS"), ("Pro:FIPS-updates:20.04:LTS", "20.04:LTS"),
     ("Pro:Realtime:22.04:LTS", "22.04:LTS")],
)  # fmt: skip
def test_a_release_and_its_subscriptions_are_one_shard(written: str, shard: str) -> None:
    assert ubuntu.fold(written) == shard


def test_without_pro_a_fix_of_pro_is_no_fix(samples: Folded) -> None:
    netty = deb("libnetty-java", "1:4.1.7-4ubuntu0.1", "netty")
    found = find(samples, BIONIC, netty)["CVE-2022-24823"]
    assert (found.status, found.fixed) == ("affected", ())
    assert found.remarks == (PRO_ONLY.format("1:4.1.7-4ubuntu0.1+esm3"),)
    assert (found.severity, found.severity_source) == ("LOW", "ubuntu")


def test_a_release_in_support_needs_pro_for_the_universe_as_well(samples: Folded) -> None:
    netty = deb("libnetty-java", "1:4.1.48-4+deb11u2build0.22.04.1", "netty")
    found = find(samples, JAMMY, netty)["CVE-2022-24823"]
    assert found.remarks == (PRO_ONLY.format("1:4.1.48-4+deb11u2ubuntu0.1~esm1"),)


def test_with_pro_its_fix_is_one(samples: Folded) -> None:
    netty = deb("libnetty-java", "1:4.1.7-4ubuntu0.1+esm2", "netty")
    found = find(samples, BIONIC, netty)["CVE-2022-24823"]
    assert (found.status, found.fixed) == ("fixed", ("1:4.1.7-4ubuntu0.1+esm3",))
    assert found.remarks == ()


def test_one_package_of_pro_shows_that_the_others_can_be_had_too(samples: Folded) -> None:
    netty = deb("libnetty-java", "1:4.1.7-4ubuntu0.1", "netty")
    other = deb("unzip", "6.0-21ubuntu1.2+esm1", "unzip")
    assert find(samples, BIONIC, netty, other)["CVE-2022-24823"].status == "fixed"


def test_what_pro_has_fixed_is_no_finding(samples: Folded) -> None:
    netty = deb("libnetty-java", "1:4.1.7-4ubuntu0.1+esm3", "netty")
    assert "CVE-2022-24823" not in find(samples, BIONIC, netty)


def test_what_pro_has_not_fixed_either_is_affected_without_more_words(samples: Folded) -> None:
    glibc = deb("libc6", "2.27-3ubuntu1.6", "glibc")
    found = find(samples, BIONIC, glibc)["CVE-2016-20013"]
    assert (found.status, found.fixed, found.remarks) == ("affected", (), ())


def test_a_fix_for_everybody_is_one_without_pro(samples: Folded) -> None:
    wayland = deb("libwayland-client0", "1.16.0-1ubuntu1.1~18.04.3", "wayland")
    found = find(samples, BIONIC, wayland)["CVE-2021-3782"]
    assert (found.status, found.fixed) == ("fixed", ("1.16.0-1ubuntu1.1~18.04.4",))
    assert found.records == ("UBUNTU-CVE-2021-3782", "USN-5614-1")


def test_a_withdrawn_record_says_nothing(samples: Folded) -> None:
    assert {a.advisory.id for a in samples.abouts}.isdisjoint(
        {"UBUNTU-CVE-2013-2208", "UBUNTU-CVE-2014-2901", "UBUNTU-CVE-2020-36325"}
    )


def test_records_of_fips_builds_are_about_those_alone() -> None:
    known = Folded(
        advisory("UBUNTU-CVE-2024-1", "Ubuntu:22.04:LTS", "openssl", "3.0.2-0ubuntu1.12"),
        advisory("UBUNTU-CVE-2024-1", "Ubuntu:Pro:FIPS-updates:22.04:LTS", "openssl",
                 "3.0.2-0ubuntu1.12+Fips1"),
    )  # fmt: skip
    plain = deb("libssl3", "3.0.2-0ubuntu1.12", "openssl")
    assert find(known, JAMMY, plain) == {}
    old = deb("libssl3", "3.0.2-0ubuntu1.10+Fips1", "openssl")
    assert find(known, JAMMY, old)["CVE-2024-1"].fixed == ("3.0.2-0ubuntu1.12+Fips1",)
    new = deb("libssl3", "3.0.2-0ubuntu1.12+Fips1", "openssl")
    assert find(known, JAMMY, new) == {}


def test_the_database_keeps_both_lines_in_the_shard_of_their_release(
    feed_mirror: Path, tmp_path: Path
) -> None:
    request = Request(folder=str(tmp_path), fetch=folder(str(feed_mirror)), source="corpus")
    [outcome] = update(["Ubuntu:18.04:LTS"], request)
    assert (outcome.error, outcome.changed) == ("", True)
    netty = deb("libnetty-java", "1:4.1.7-4ubuntu0.1", "netty")
    database = Database(str(tmp_path), starter="")
    found = {f.id: f for f in match(Inventory((netty,), BIONIC), database).findings}
    assert found["CVE-2022-24823"].remarks == (PRO_ONLY.format("1:4.1.7-4ubuntu0.1+esm3"),)
    database.close()
