"""When the releases of distributions stop getting security fixes: a table of facts.

Dates are those of the publishers' own pages, named beside each family. Where there is an extended
support that everybody gets for free (Debian LTS), its end counts; paid extensions do not.
"""

from __future__ import annotations

from pratique.model.inventory import Distro

_ROLLING = frozenset({"wolfi", "chainguard", "arch", "opensuse-tumbleweed", "minimos", "gentoo"})
_ENDS: dict[str, dict[str, str]] = {
    # https://wiki.debian.org/LTS
    "debian": {
        "7": "2018-05-31", "8": "2020-06-30", "9": "2022-06-30", "10": "2024-06-30",
        "11": "2026-08-31", "12": "2028-06-30", "13": "2030-06-30",
    },
    # https://ubuntu.com/about/release-cycle (standard support)
    "ubuntu": {
        "12.04": "2017-04-28", "14.04": "2019-04-25", "16.04": "2021-04-30",
        "18.04": "2023-05-31", "20.04": "2025-05-31", "22.04": "2027-04-01",
        "22.10": "2023-07-20", "23.04": "2024-01-25", "23.10": "2024-07-11",
        "24.04": "2029-05-31", "24.10": "2025-07-10", "25.04": "2026-01-15",
        "25.10": "2026-07-31", "26.04": "2031-05-31",
    },
    # https://alpinelinux.org/releases/
    "alpine": {
        "3.3": "2017-11-01", "3.4": "2018-05-01", "3.5": "2018-11-01", "3.6": "2019-05-01",
        "3.7": "2019-11-01", "3.8": "2020-05-01", "3.9": "2020-11-01", "3.10": "2021-05-01",
        "3.11": "2021-11-01", "3.12": "2022-05-01", "3.13": "2022-11-01", "3.14": "2023-05-01",
        "3.15": "2023-11-01", "3.16": "2024-05-23", "3.17": "2024-11-22", "3.18": "2025-05-09",
        "3.19": "2025-11-01", "3.20": "2026-04-01", "3.21": "2026-11-01", "3.22": "2027-05-01",
        "3.23": "2027-11-01",
    },
    # https://access.redhat.com/support/policy/updates/errata (end of maintenance support)
    "rhel": {"5": "2017-03-31", "6": "2020-11-30", "7": "2024-06-30", "8": "2029-05-31",
             "9": "2032-05-31", "10": "2035-05-31"},
    # https://www.centos.org/centos-linux-eol/, https://www.centos.org/cl-vs-cs/
    "centos": {"5": "2017-03-31", "6": "2020-11-30", "7": "2024-06-30", "8": "2021-12-31",
               "9": "2027-05-31", "10": "2030-05-31"},
    # https://wiki.almalinux.org/release-notes/
    "almalinux": {"8": "2029-03-01", "9": "2032-05-31", "10": "2035-05-31"},
    # https://wiki.rockylinux.org/rocky/version/
    "rocky": {"8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31"},
    # https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf (premier support)
    "ol": {"5": "2017-06-30", "6": "2021-03-31", "7": "2024-12-31", "8": "2029-07-31",
           "9": "2032-06-30", "10": "2035-06-30"},
    # https://docs.fedoraproject.org/en-US/releases/eol/
    "fedora": {
        "32": "2021-05-25", "33": "2021-11-30", "34": "2022-06-07", "35": "2022-12-13",
        "36": "2023-05-16", "37": "2023-12-05", "38": "2024-05-21", "39": "2024-11-26",
        "40": "2025-05-13", "41": "2025-12-15", "42": "2026-05-13", "43": "2026-12-09",
    },
    # https://aws.amazon.com/amazon-linux-2/faqs/, https://docs.aws.amazon.com/linux/al2023/
    "amzn": {"2018": "2023-12-31", "2": "2026-06-30", "2022": "2022-11-01", "2023": "2029-06-30"},
    # https://www.suse.com/lifecycle (general support)
    "sles": {
        "11": "2019-03-31", "12": "2016-06-30", "12.1": "2017-05-31", "12.2": "2018-03-31",
        "12.3": "2019-06-30", "12.4": "2020-06-30", "12.5": "2024-10-31", "15": "2019-12-31",
        "15.1": "2021-01-31", "15.2": "2021-12-31", "15.3": "2022-12-31", "15.4": "2023-12-31",
        "15.5": "2024-12-31", "15.6": "2025-12-31", "15.7": "2031-07-31",
    },
    # https://en.opensuse.org/Lifetime
    "opensuse-leap": {
        "42.3": "2019-06-30", "15.0": "2019-12-03", "15.1": "2021-02-02", "15.2": "2022-01-04",
        "15.3": "2022-12-31", "15.4": "2023-12-07", "15.5": "2024-12-31", "15.6": "2026-04-30",
        "16.0": "2027-10-31",
    },
    # https://vmware.github.io/photon/ (lifecycle)
    "photon": {"1.0": "2022-02-28", "2.0": "2022-12-31", "3.0": "2024-03-01", "4.0": "2026-03-01",
               "5.0": "2028-03-01"},
    # https://learn.microsoft.com/azure/azure-linux/support-cycle
    "mariner": {"1.0": "2023-07-31", "2.0": "2025-07-31"},
    "azurelinux": {"3.0": "2027-07-31"},
}  # fmt: skip


def releases(id: str) -> tuple[str, ...]:
    """Return the releases of a distribution that are known, by its os-release ID."""
    return tuple(_ENDS.get(id, ()))


def end_of_life(distro: Distro, today: str) -> tuple[bool | None, str]:
    """Tell whether a release gets fixes no more on a day (`YYYY-MM-DD`), and since or until when.

    None instead of an answer for a release that the table does not know: it must not be shown as
    clean. Rolling distributions never end.
    """
    version = distro.version
    if distro.id in _ROLLING or version.startswith("edge") or "_alpha" in version:
        return False, ""
    known = _ENDS.get(distro.id, {})
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        if date := known.get(".".join(parts[:length])):
            return today > date, date
    if distro.id == "debian" and distro.codename.partition("/")[0] in ("forky", "duke", "sid"):
        return False, ""  # the release to come
    return None, ""
