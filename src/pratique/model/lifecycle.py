"""When the releases of distributions stop getting security fixes: a table of facts.

The publishers' own pages are named beside each family. Where there is an extended support that
everybody gets for free (Debian LTS), its end counts; paid extensions do not. An empty date: none
was announced.
"""

from __future__ import annotations

import re

from pratique.model.inventory import Distro

_ROLLING = frozenset({
    "arch", "chainguard", "gentoo", "kali", "minimos", "opensuse-slowroll", "opensuse-tumbleweed",
    "void", "wolfi",
})  # fmt: skip
_ENDS: dict[str, dict[str, str]] = {
    # https://debian.pages.debian.net/distro-info-data/debian.csv (LTS where there was one)
    "debian": {
        "4": "2010-02-15", "5": "2012-02-06", "6": "2016-02-29", "7": "2018-05-31",
        "8": "2020-06-30", "9": "2022-06-30", "10": "2024-06-30", "11": "2026-08-31",
        "12": "2028-06-30", "13": "2030-06-30",
    },
    # https://debian.pages.debian.net/distro-info-data/ubuntu.csv (standard support)
    "ubuntu": {
        "6.06": "2011-06-01", "6.10": "2008-04-25", "7.04": "2008-10-19", "7.10": "2009-04-18",
        "8.04": "2013-05-09", "8.10": "2010-04-30", "9.04": "2010-10-23", "9.10": "2011-04-30",
        "10.04": "2015-04-30", "10.10": "2012-04-10", "11.04": "2012-10-28", "11.10": "2013-05-09",
        "12.04": "2017-04-28", "12.10": "2014-05-16", "13.04": "2014-01-27", "13.10": "2014-07-17",
        "14.04": "2019-04-25", "14.10": "2015-07-23", "15.04": "2016-02-04", "15.10": "2016-07-28",
        "16.04": "2021-04-30", "16.10": "2017-07-20", "17.04": "2018-01-13", "17.10": "2018-07-19",
        "18.04": "2023-05-31", "18.10": "2019-07-18", "19.04": "2020-01-23", "19.10": "2020-07-17",
        "20.04": "2025-05-29", "20.10": "2021-07-22", "21.04": "2022-01-20", "21.10": "2022-07-14",
        "22.04": "2027-06-01", "22.10": "2023-07-20", "23.04": "2024-01-25", "23.10": "2024-07-11",
        "24.04": "2029-05-31", "24.10": "2025-07-10", "25.04": "2026-01-15", "25.10": "2026-07-09",
        "26.04": "2031-05-29", "26.10": "2027-07-15",
    },
    # https://alpinelinux.org/releases/
    "alpine": {
        "3.2": "2017-05-01", "3.3": "2017-11-01", "3.4": "2018-05-01", "3.5": "2018-11-01",
        "3.6": "2019-05-01", "3.7": "2019-11-01", "3.8": "2020-05-01", "3.9": "2020-11-01",
        "3.10": "2021-05-01", "3.11": "2021-11-01", "3.12": "2022-05-01", "3.13": "2022-11-01",
        "3.14": "2023-05-01", "3.15": "2023-11-01", "3.16": "2024-05-23", "3.17": "2024-11-22",
        "3.18": "2025-05-09", "3.19": "2025-11-01", "3.20": "2026-04-01", "3.21": "2026-11-01",
        "3.22": "2027-05-01", "3.23": "2027-11-01", "3.24": "2028-06-01",
    },
    # https://access.redhat.com/support/policy/updates/errata (end of maintenance support)
    "rhel": {"4": "2012-02-29", "5": "2017-03-31", "6": "2020-11-30", "7": "2024-06-30",
             "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31"},
    # https://www.centos.org/centos-linux-eol/, https://www.centos.org/cl-vs-cs/
    "centos": {"5": "2017-03-31", "6": "2020-11-30", "7": "2024-06-30", "8": "2021-12-31",
               "9": "2027-05-31", "10": "2030-05-31"},
    "centos-stream": {"8": "2024-05-31", "9": "2027-05-31", "10": "2030-05-31"},
    # https://wiki.almalinux.org/release-notes/
    "almalinux": {"8": "2029-03-01", "9": "2032-05-31", "10": "2035-05-31"},
    # https://wiki.rockylinux.org/rocky/version/
    "rocky": {"8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31"},
    # https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf (premier support)
    "ol": {"5": "2017-06-30", "6": "2021-03-31", "7": "2024-12-31", "8": "2029-07-31",
           "9": "2032-06-30", "10": "2035-06-30"},
    # https://docs.fedoraproject.org/en-US/releases/eol/, https://fedorapeople.org/groups/schedule/
    "fedora": {
        "20": "2015-06-23", "21": "2015-12-01", "22": "2016-07-19", "23": "2016-12-20",
        "24": "2017-08-08", "25": "2017-12-12", "26": "2018-05-29", "27": "2018-11-30",
        "28": "2019-05-28", "29": "2019-11-26", "30": "2020-05-26", "31": "2020-11-24",
        "32": "2021-05-25", "33": "2021-11-30", "34": "2022-06-07", "35": "2022-12-13",
        "36": "2023-05-16", "37": "2023-12-05", "38": "2024-05-21", "39": "2024-11-26",
        "40": "2025-05-13", "41": "2025-12-15", "42": "2026-05-13", "43": "2026-12-09",
        "44": "2027-06-02",
    },
    # https://aws.amazon.com/amazon-linux-2/faqs/, https://docs.aws.amazon.com/linux/al2023/,
    # https://aws.amazon.com/blogs/aws/update-on-amazon-linux-ami-end-of-life/
    "amzn": {"2016": "2023-12-31", "2017": "2023-12-31", "2018": "2023-12-31", "2": "2026-06-30",
             "2023": "2029-06-30"},
    # https://www.suse.com/lifecycle (general support)
    "sles": {
        "10": "2007-12-31", "10.1": "2008-11-30", "10.2": "2010-04-11", "10.3": "2011-10-11",
        "10.4": "2013-07-31", "11": "2010-12-31", "11.1": "2012-08-31", "11.2": "2014-01-31",
        "11.3": "2016-01-31", "11.4": "2019-03-31", "12": "2016-06-30", "12.1": "2017-05-31",
        "12.2": "2018-03-31", "12.3": "2019-06-30", "12.4": "2020-06-30", "12.5": "2024-10-31",
        "15": "2019-12-31", "15.1": "2021-01-31", "15.2": "2021-12-31", "15.3": "2022-12-31",
        "15.4": "2023-12-31", "15.5": "2024-12-31", "15.6": "2025-12-31", "15.7": "2031-07-31",
    },
    # https://en.opensuse.org/Lifetime
    "opensuse": {"12.3": "2015-01-29", "13.1": "2016-02-03", "13.2": "2017-01-17"},
    "opensuse-leap": {
        "42.1": "2017-05-17", "42.2": "2018-01-26", "42.3": "2019-06-30", "15.0": "2019-12-03",
        "15.1": "2021-02-02", "15.2": "2022-01-04", "15.3": "2022-12-31", "15.4": "2023-12-07",
        "15.5": "2024-12-31", "15.6": "2026-04-30", "16.0": "2027-10-31",
    },
    # https://endoflife.date/photon; what its publisher said of 3.0 and 4.0 was subject to change
    "photon": {"1.0": "2022-02-28", "2.0": "2022-12-31", "3.0": "2025-10-02", "4.0": "2027-10-11",
               "5.0": ""},
    # https://learn.microsoft.com/azure/azure-linux/release-cadence-lifecycle, by the month
    "mariner": {"1.0": "2023-08-31", "2.0": "2025-07-31"},
    "azurelinux": {"3.0": "2027-08-31"},
    # https://www.openeuler.org/en/download/archive/, by the month; a service pack each
    "openeuler": {
        "20.03-LTS": "2021-03-31", "20.03-LTS-SP1": "2022-12-31", "20.03-LTS-SP2": "2022-04-30",
        "20.03-LTS-SP3": "2023-12-31", "20.03-LTS-SP4": "2025-11-30", "22.03-LTS": "2024-03-31",
        "22.03-LTS-SP1": "2024-12-31", "22.03-LTS-SP2": "2024-03-31", "22.03-LTS-SP3": "2025-12-31",
        "22.03-LTS-SP4": "2026-06-30", "23.03": "2023-09-30", "23.09": "2024-03-31",
        "24.03-LTS": "2026-05-31", "24.03-LTS-SP1": "2026-12-31", "24.03-LTS-SP2": "2026-03-31",
        "24.03-LTS-SP3": "2027-12-31", "24.03-LTS-SP4": "2027-03-31", "24.09": "2025-03-31",
        "25.03": "2025-09-30", "25.09": "2026-03-31", "26.09": "2027-03-31",
    },
    # https://www.mageia.org/en/support/; 9 lives until three months after 10
    "mageia": {"1": "2012-12-01", "2": "2013-11-22", "3": "2014-11-26", "4": "2015-09-19",
               "5": "2017-12-31", "6": "2019-09-30", "7": "2021-06-30", "8": "2023-11-30"},
}  # fmt: skip
_PACK = re.compile(r"\((LTS(?:-SP\d+)?)\)", re.ASCII)


def releases(id: str) -> tuple[str, ...]:
    """Return the releases of a distribution that are known, by its os-release ID."""
    return tuple(_ENDS.get(id, ()))


def end_of_life(distro: Distro, today: str) -> tuple[bool | None, str]:
    """Tell whether a release gets fixes no more on a day (`YYYY-MM-DD`), and since or until when.

    None instead of an answer for a release that the table does not know: it must not be shown as
    clean. Rolling distributions never end; of a release that has no end yet no date is told. Where
    each minor release ends with the next (AlmaLinux, Rocky, RHEL …), the major's end counts, for
    the same repositories bring the next.
    """
    family, version = _named(distro)
    if distro.id in _ROLLING or version.startswith(("edge", "stream")) or "_alpha" in version:
        return False, ""
    known = _ENDS.get(family, {})
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        date = known.get(".".join(parts[:length]))
        if date is not None:
            return bool(date) and today > date, date
    if distro.id == "debian" and distro.codename.partition("/")[0] in ("forky", "duke", "sid"):
        return False, ""  # the release to come
    return None, ""


def _named(distro: Distro) -> tuple[str, str]:
    """Return the names of a distribution and its release in the table.

    Both CentOS have one ID, and openEuler's service pack is only in its name.
    """
    if distro.id == "centos" and "Stream" in distro.name:
        return "centos-stream", distro.version
    if distro.id == "openeuler" and (pack := _PACK.search(distro.name)):
        return distro.id, f"{distro.version}-{pack[1]}"
    return distro.id, distro.version
