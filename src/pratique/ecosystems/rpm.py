"""RPM's versions (rpm-version(7)) and the distributions that OSV has advisories for."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_SEGMENT = re.compile(r"\d+|[A-Za-z]+|[~^]", re.ASCII)
_END = (1,)
_MARKS = {"~": (0,), "^": (2,)}
_Part = tuple[tuple[int | str, ...], ...]


class _Unknown:
    """The release of a version that is written without one: equal to every other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # no hash would agree with this


_UNKNOWN = _Unknown()


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[int, _Part, _Part | _Unknown]:
    """Return a key for `[epoch:]version[-release]` that sorts as rpm does.

    A missing epoch is 0. A missing release is left out of the comparison, as in dependencies: a
    list of versions has one order only where all of them have a release, or none has. Raises
    ValueError for what is no version.
    """
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    name, dash, release = rest.rpartition("-")
    if not dash:
        name, release = rest, ""
    if not name or not (epoch.isascii() and epoch.isdigit()) or len(rest.split()) != 1:
        raise ValueError(version)
    return int(epoch), _part(name), _part(release) if release else _UNKNOWN


def _part(text: str) -> _Part:
    return (*map(_segment, _SEGMENT.findall(text)), _END)


@lru_cache(maxsize=4096)
def _segment(text: str) -> tuple[int | str, ...]:
    """Return a run that rpmvercmp() compares: `~`, the end, `^`, letters, numbers ascend."""
    if text[0].isdigit():
        return (4, int(text))
    return _MARKS.get(text) or (3, text)


def _major(distro: Distro) -> str:
    return distro.version.partition(".")[0]


def _redhat(distro: Distro) -> str:
    """Return the CPE of the main repository; other repositories have advisories of their own."""
    major = _major(distro)
    return f"enterprise_linux:{major}::{'server' if major in ('5', '6', '7') else 'baseos'}"


def _opensuse(distro: Distro) -> str:
    """Return `Leap 15.6`, `Leap Micro 5.5` or `Tumbleweed`: PRETTY_NAME without the vendor."""
    if "tumbleweed" in distro.id:
        return "Tumbleweed"
    return _product(distro.name, "openSUSE ") or f"Leap {distro.version}"


def _suse(distro: Distro) -> str:
    """Return the product that the base packages belong to.

    In 15 that is a module; before and since, it is the one that PRETTY_NAME names.
    """
    major, _, pack = distro.version.partition(".")
    if major in ("11", "12", "15"):
        level = f"{major} SP{pack}" if pack not in ("", "0") else major
    else:
        level = distro.version
    if major == "15":
        return f"Linux Enterprise Module for Basesystem {level}"
    return _product(distro.name, "SUSE ") or f"Linux Enterprise Server {level}"


def _product(name: str, vendor: str) -> str:
    return name.removeprefix(vendor) if name.startswith(vendor) else ""


_EULER = re.compile(r"openEuler (\d+\.\d+)(?: \((LTS(?:-SP\d+)?)\))?", re.ASCII)


def _openeuler(distro: Distro) -> str:
    """Return `24.03-LTS-SP1`: which service pack it is, only PRETTY_NAME tells."""
    match = _EULER.match(distro.name)
    if match is None:
        return distro.version
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


# AlmaLinux and Red Hat name the binary packages, whatever the schema says of them
alma = Ecosystem(
    "AlmaLinux", "rpm", version_key, namespace="almalinux", distros=("almalinux",), release=_major
)
rocky = Ecosystem(
    "Rocky Linux", "rpm", version_key, namespace="rocky", distros=("rocky",),
    release=_major, named_by="source",
)  # fmt: skip
redhat = Ecosystem(
    "Red Hat", "rpm", version_key, namespace="redhat", distros=("rhel",), release=_redhat,
    gap="of Red Hat's repositories BaseOS alone was checked, not AppStream and others",
)  # fmt: skip
suse = Ecosystem(
    "SUSE", "rpm", version_key, namespace="suse",
    distros=("sles", "sles_sap", "sled", "sle_hpc", "sle-micro", "sl-micro"), release=_suse,
    named_by="source",
    gap="of SUSE's modules the base system alone was checked",
)  # fmt: skip
opensuse = Ecosystem(
    "openSUSE", "rpm", version_key, namespace="opensuse",
    distros=("opensuse", "opensuse-leap", "opensuse-leap-micro", "opensuse-tumbleweed"),
    release=_opensuse, named_by="source",
)  # fmt: skip
azure = Ecosystem(
    "Azure Linux", "rpm", version_key, namespace="azurelinux",
    distros=("azurelinux", "mariner"), release=_major, named_by="source",
)  # fmt: skip
openeuler = Ecosystem(
    "openEuler", "rpm", version_key, namespace="openeuler", distros=("openeuler",),
    release=_openeuler, named_by="source",
)  # fmt: skip
mageia = Ecosystem(
    "Mageia", "rpm", version_key, namespace="mageia", distros=("mageia",), release=_major,
    named_by="source",
)  # fmt: skip
