from __future__ import annotations

from datetime import date

import pytest

from pratique.model.inventory import Distro
from pratique.model.lifecycle import _ENDS, end_of_life, releases

TODAY = "2026-11-25"


def ends(id: str, version: str = "", name: str = "", codename: str = "") -> tuple[bool | None, str]:
    return end_of_life(Distro("etc/os-release", id, version, name, codename), TODAY)


@pytest.mark.parametrize(
    ("distro", "ended", "when"),
    [(("debian", "11"), True, "2026-08-31"), (("debian", "12.5"), False, "2028-06-30"),
     (("debian", "6.0.10"), True, "2016-02-29"),
     (("debian", "", "Debian GNU/Linux forky/sid", "forky"), False, ""),
     (("ubuntu", "20.04"), True, "2025-05-29"), (("ubuntu", "22.04.5"), False, "2027-06-01"),
     (("ubuntu", "25.10"), True, "2026-07-09"), (("ubuntu", "26.10"), False, "2027-07-15"),
     (("alpine", "3.20.9"), True, "2026-04-01"), (("alpine", "3.24.1"), False, "2028-06-01"),
     (("alpine", "3.25.0_alpha20261101"), False, ""), (("wolfi", "20230201"), False, ""),
     (("alpaquita", "stream"), False, ""),
     (("rhel", "9.4"), False, "2032-05-31"), (("almalinux", "9.2"), False, "2032-05-31"),
     (("centos", "8"), True, "2021-12-31"),
     (("centos", "8", "CentOS Stream 8"), True, "2024-05-31"),
     (("centos", "10", "CentOS Stream 10"), False, "2030-05-31"),
     (("fedora", "42"), True, "2026-05-13"), (("fedora", "44"), False, "2027-06-02"),
     (("amzn", "2018.03"), True, "2023-12-31"), (("amzn", "2"), True, "2026-06-30"),
     (("sles", "11.3"), True, "2016-01-31"), (("sles", "15.7"), False, "2031-07-31"),
     (("opensuse-leap", "15.6"), True, "2026-04-30"), (("photon", "5.0"), False, ""),
     (("openeuler", "24.03", "openEuler 24.03 (LTS-SP2)"), True, "2026-03-31"),
     (("openeuler", "24.03", "openEuler 24.03 (LTS-SP3)"), False, "2027-12-31"),
     (("openeuler", "25.03", "openEuler 25.03"), True, "2025-09-30"),
     (("mageia", "8"), True, "2023-11-30")],
)  # fmt: skip
def test_a_release_ends_when_its_publisher_says(
    distro: tuple[str, ...], *, ended: bool, when: str
) -> None:
    assert ends(*distro) == (ended, when)


@pytest.mark.parametrize(
    "distro", [("debian", "99"), ("slackware", "15.0"), ("mageia", "9"), ("ubuntu", ""),
               ("openeuler", "24.03", "openEuler 24.03 (LTS-SP9)"), ("", "")],
)  # fmt: skip
def test_what_the_table_does_not_know_is_not_shown_as_clean(distro: tuple[str, ...]) -> None:
    assert ends(*distro) == (None, "")


def test_the_last_day_still_counts() -> None:
    debian = Distro("etc/os-release", "debian", "12")
    assert end_of_life(debian, "2028-06-30") == (False, "2028-06-30")
    assert end_of_life(debian, "2028-07-01") == (True, "2028-06-30")


def test_every_date_is_one_or_none() -> None:
    for family, known in _ENDS.items():
        for version, end in known.items():
            assert not end or date.fromisoformat(end).year >= 2000, (family, version)


def test_releases_are_named_in_their_order() -> None:
    assert releases("alpine")[0] == "3.2"
    assert releases("alpine")[-1] == "3.24"
    assert releases("nobody") == ()
