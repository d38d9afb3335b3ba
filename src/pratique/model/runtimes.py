"""When releases of runtimes and servers stop getting fixes: a table of facts.

Only what no distribution maintains is judged by it: a distribution fixes its own packages longer.
Dates are those of the publishers' own pages, named beside each; where they say a month or a
quarter, its last day. Paid extensions do not count. A release that is not listed is unknown, which
is not fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.model.inventory import Package

_ENDS: dict[str, dict[str, str]] = {
    # https://devguide.python.org/versions/
    "python": {
        "2.7": "2020-01-01", "3.3": "2017-09-29", "3.4": "2019-03-18", "3.5": "2020-09-30",
        "3.6": "2021-12-23", "3.7": "2023-06-27", "3.8": "2024-10-07", "3.9": "2025-10-31",
        "3.10": "2026-10-31", "3.11": "2027-10-31", "3.12": "2028-10-31", "3.13": "2029-10-31",
        "3.14": "2030-10-31",
    },
    # https://github.com/nodejs/Release#release-schedule (schedule.json)
    "node": {
        "0.10": "2016-10-31", "0.12": "2016-12-31", "4": "2018-04-30", "5": "2016-06-30",
        "6": "2019-04-30", "7": "2017-06-30", "8": "2019-12-31", "9": "2018-06-30",
        "10": "2021-04-30", "11": "2019-06-01", "12": "2022-04-30", "13": "2020-06-01",
        "14": "2023-04-30", "15": "2021-06-01", "16": "2023-09-11", "17": "2022-06-01",
        "18": "2025-04-30", "19": "2023-06-01", "20": "2026-04-30", "21": "2024-06-01",
        "22": "2027-04-30", "23": "2025-06-01", "24": "2028-04-30", "25": "2026-06-01",
    },
    # https://adoptium.net/support/ for long-term releases (the least that it promises); others end
    # with the next one: https://www.java.com/releases/
    "java": {
        "8": "2030-12-31", "9": "2018-03-20", "10": "2018-09-25", "11": "2027-10-31",
        "12": "2019-09-17", "13": "2020-03-17", "14": "2020-09-15", "15": "2021-03-16",
        "16": "2021-09-14", "17": "2027-10-31", "18": "2022-09-20", "19": "2023-03-21",
        "20": "2023-09-19", "21": "2029-12-31", "22": "2024-09-17", "23": "2025-03-18",
        "24": "2025-09-16", "25": "2031-09-30",
    },
    # https://dotnet.microsoft.com/platform/support/policy/dotnet-core
    "dotnet": {
        "1.0": "2019-06-27", "1.1": "2019-06-27", "2.0": "2018-10-01", "2.1": "2021-08-21",
        "2.2": "2019-12-23", "3.0": "2020-03-03", "3.1": "2022-12-13", "5": "2022-05-10",
        "6": "2024-11-12", "7": "2024-05-14", "8": "2026-11-10", "9": "2026-11-10",
        "10": "2028-11-14",
    },
    # https://www.php.net/eol.php, https://www.php.net/supported-versions.php
    "php": {
        "5.3": "2014-08-14", "5.4": "2015-09-14", "5.5": "2016-07-21", "5.6": "2018-12-31",
        "7.0": "2019-01-10", "7.1": "2019-12-01", "7.2": "2020-11-30", "7.3": "2021-12-06",
        "7.4": "2022-11-28", "8.0": "2023-11-26", "8.1": "2025-12-31", "8.2": "2026-12-31",
        "8.3": "2027-12-31", "8.4": "2028-12-31", "8.5": "2029-12-31",
    },
    # https://www.ruby-lang.org/en/downloads/branches/
    "ruby": {
        "2.1": "2017-03-31", "2.2": "2018-03-31", "2.3": "2019-03-31", "2.4": "2020-03-31",
        "2.5": "2021-03-31", "2.6": "2022-04-12", "2.7": "2023-03-31", "3.0": "2024-04-23",
        "3.1": "2025-03-31", "3.2": "2026-03-31", "3.3": "2027-03-31", "3.4": "2028-03-31",
        "4.0": "2029-03-31",
    },
    # https://perldoc.perl.org/perlpolicy#MAINTENANCE-AND-SUPPORT: three years
    "perl": {
        "5.26": "2020-05-30", "5.28": "2021-06-23", "5.30": "2022-05-22", "5.32": "2023-06-20",
        "5.34": "2024-05-20", "5.36": "2025-05-27", "5.38": "2026-07-02", "5.40": "2027-06-09",
        "5.42": "2028-07-03",
    },
    # https://go.dev/doc/devel/release: until there are two newer ones
    "go": {
        "1.15": "2021-08-16", "1.16": "2022-03-15", "1.17": "2022-08-02", "1.18": "2023-02-01",
        "1.19": "2023-09-06", "1.20": "2024-02-06", "1.21": "2024-08-13", "1.22": "2025-02-11",
        "1.23": "2025-08-12", "1.24": "2026-02-11",
    },
    # https://nginx.org/en/CHANGES: a branch ends with the next one of its kind
    "nginx": {
        "1.14": "2019-04-23", "1.16": "2020-04-20", "1.18": "2021-04-20", "1.19": "2021-05-25",
        "1.20": "2022-05-24", "1.21": "2022-06-21", "1.22": "2023-04-11", "1.23": "2023-05-23",
        "1.24": "2024-04-23", "1.25": "2024-05-29", "1.26": "2025-04-23", "1.27": "2025-06-24",
        "1.28": "2026-04-14", "1.29": "2026-05-13",
    },
    # https://www.postgresql.org/support/versioning/
    "postgresql": {
        "9.3": "2018-11-08", "9.4": "2020-02-13", "9.5": "2021-02-11", "9.6": "2021-11-11",
        "10": "2022-11-10", "11": "2023-11-09", "12": "2024-11-21", "13": "2025-11-13",
        "14": "2026-11-12", "15": "2027-11-11", "16": "2028-11-09", "17": "2029-11-08",
        "18": "2030-11-14",
    },
    # https://mariadb.org/about/#maintenance-policy
    "mariadb": {
        "5.5": "2020-04-11", "10.0": "2019-03-31", "10.1": "2020-10-17", "10.2": "2022-05-23",
        "10.3": "2023-05-25", "10.4": "2024-06-18", "10.5": "2025-06-24", "10.6": "2026-07-06",
        "10.7": "2023-02-14", "10.8": "2023-05-20", "10.9": "2023-08-22", "10.10": "2023-11-17",
        "10.11": "2028-02-16", "11.0": "2024-06-06", "11.1": "2024-08-21", "11.2": "2024-11-21",
        "11.4": "2029-05-29", "11.8": "2028-06-04",
    },
    # https://www.oracle.com/us/support/library/lifetime-support-technology-069183.pdf
    "mysql": {"5.5": "2018-12-31", "5.6": "2021-02-28", "5.7": "2023-10-31", "8.0": "2026-04-30"},
    # https://openssl-library.org/policies/releasestrat/
    "openssl": {
        "1.0.2": "2019-12-31", "1.1.0": "2019-09-11", "1.1.1": "2023-09-11", "3.0": "2026-09-07",
        "3.1": "2025-03-14", "3.2": "2025-11-23", "3.3": "2026-04-09", "3.4": "2026-10-22",
        "3.5": "2030-04-08",
    },
    # https://www.haproxy.org/ (quarters)
    "haproxy": {
        "1.8": "2022-12-31", "2.0": "2024-06-30", "2.2": "2025-06-30", "2.4": "2026-06-30",
        "2.6": "2027-06-30", "2.8": "2028-06-30", "3.0": "2029-06-30", "3.1": "2026-03-31",
        "3.2": "2030-06-30", "3.3": "2027-03-31",
    },
}  # fmt: skip
_OLD_JAVA = re.compile(r"^1\.(\d)\.")
_NET = "Microsoft.NETCore.App.Runtime."


class Runtime(Struct, frozen=True, gc=False):
    """A runtime or server of an image, and whether its release still gets fixes."""

    name: str
    version: str
    path: str
    ended: bool | None
    """None for a release that the table does not know."""
    date: str = ""
    """When it ended or ends, `YYYY-MM-DD`."""


def runtimes_in(packages: Iterable[Package], today: str) -> Iterator[Runtime]:
    """Yield the runtimes among packages, as they are on a day (`YYYY-MM-DD`).

    Go's standard library is one: it is part of the program, and not fixed without a newer Go.
    """
    for package in packages:
        name, version = _named(package)
        if name in _ENDS:
            release = _OLD_JAVA.sub(r"\1.", version) if name == "java" else version
            date = _end(_ENDS[name], release)
            ended = today > date if date else None
            yield Runtime(name, version, package.path, ended, date)


def _named(package: Package) -> tuple[str, str]:
    if package.type == "golang" and package.name == "stdlib":
        return "go", package.version.removeprefix("v")
    if package.type == "nuget" and package.name.startswith(_NET):
        return "dotnet", package.version
    return (package.name if package.type == "generic" else ""), package.version


def _end(known: dict[str, str], version: str) -> str:
    """Return the date of the release that a version is of, the most particular first."""
    parts = re.findall(r"\d+", version)
    releases = (".".join(parts[:length]) for length in range(min(len(parts), 3), 0, -1))
    return next((known[release] for release in releases if release in known), "")
