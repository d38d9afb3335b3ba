"""RPM's versions (rpm-version(7)) and the distributions that OSV has advisories for."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_SEGMENT = re.compile(r"\d+|[A-Za-z]+|[~^]", re.ASCII)
_EPOCH = re.compile(r"(\d*):(.*)", re.ASCII | re.DOTALL)
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

    A missing epoch is 0; what stands before a colon and is no number is part of the version. A
    missing release is left out of the comparison, as in dependencies: a list of versions has one
    order only where all of them have a release, or none has. Raises ValueError for what is no
    version.
    """
    text = version.strip()
    epoch, rest = match.groups() if (match := _EPOCH.match(text)) else ("", text)
    name, dash, release = rest.rpartition("-")
    if not dash:
        name, release = rest, ""
    if not name or len(rest.split()) != 1:
        raise ValueError(version)
    return int(epoch or 0), _part(name), _part(release) if release else _UNKNOWN


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


_REPOSITORY = re.compile(r"enterprise_linux:(\d+)", re.ASCII)


def _redhat_fold(product: str) -> str:
    """Return `9` for `enterprise_linux:9::appstream`; extended streams (rhel_eus …) stay apart."""
    match = _REPOSITORY.match(product)
    return match[1] if match else product


def _opensuse(distro: Distro) -> str:
    """Return `Leap 15.6`, `Leap Micro 5.5` or `Tumbleweed`: PRETTY_NAME without the vendor."""
    if "tumbleweed" in distro.id:
        return "Tumbleweed"
    return _product(distro.name, "openSUSE ") or f"Leap {distro.version}"


_SUSE = re.compile(
    r"(?:Linux Enterprise (?!Micro).*?|Linux Enterprise )(\d{2})(?: SP(\d)|\.(\d+))?(?!\d)",
    re.ASCII,
)
_MICRO = re.compile(r"Linux (?:Enterprise )?Micro (\d+\.\d+)", re.ASCII)


def _suse_fold(product: str) -> str:
    """Return `15.5` for any module or product of `15 SP5`, and `Micro 5.5` for SLE Micro."""
    if micro := _MICRO.match(product):
        return f"Micro {micro[1]}"
    if match := _SUSE.match(product):
        level = match[2] or match[3]
        return f"{match[1]}.{level}" if level else match[1]
    return product


def _suse(distro: Distro) -> str:
    if "micro" in distro.id:
        return f"Micro {distro.version}"
    return distro.version


def _amazon(distro: Distro) -> str:
    """Return `2`, `2023` …; the first Amazon Linux called itself `2018.03`."""
    major = _major(distro)
    return "1" if major in ("2016", "2017", "2018") else major


def _two_parts(distro: Distro) -> str:
    return ".".join(distro.version.split(".")[:2])


def _product(name: str, vendor: str) -> str:
    return name.removeprefix(vendor) if name.startswith(vendor) else ""


_EULER = re.compile(r"openEuler (\d+\.\d+)(?: \((LTS(?:-SP\d+)?)\))?", re.ASCII)


def _openeuler(distro: Distro) -> str:
    """Return `24.03-LTS-SP1`: which service pack it is, only PRETTY_NAME tells."""
    match = _EULER.match(distro.name)
    if match is None:
        return distro.version
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


# what names binary packages in one feed names source packages in another: both are looked up
alma = Ecosystem(
    "AlmaLinux", "rpm", version_key, namespace="almalinux", distros=("almalinux",),
    release=_major, named_by="both",
)  # fmt: skip
rocky = Ecosystem(
    "Rocky Linux", "rpm", version_key, namespace="rocky", distros=("rocky",),
    release=_major, named_by="both",
)  # fmt: skip
redhat = Ecosystem(
    "Red Hat", "rpm", version_key, namespace="redhat", distros=("rhel", "centos"),
    release=_major, fold=_redhat_fold, named_by="both",
)  # fmt: skip
oracle = Ecosystem(
    "Oracle Linux", "rpm", version_key, namespace="oraclelinux", distros=("ol",),
    release=_major, named_by="both",
)  # fmt: skip
amazon = Ecosystem(
    "Amazon Linux", "rpm", version_key, namespace="amazon", distros=("amzn",),
    release=_amazon, named_by="both",
)  # fmt: skip
fedora = Ecosystem(
    "Fedora", "rpm", version_key, namespace="fedora", distros=("fedora",),
    release=_major, named_by="both",
)  # fmt: skip
photon = Ecosystem(
    "Photon OS", "rpm", version_key, namespace="photon", distros=("photon",),
    release=_two_parts, named_by="both",
)  # fmt: skip
suse = Ecosystem(
    "SUSE", "rpm", version_key, namespace="suse",
    distros=("sles", "sles_sap", "sled", "sle_hpc", "sle-micro", "sl-micro"), release=_suse,
    fold=_suse_fold, named_by="both",
)  # fmt: skip
opensuse = Ecosystem(
    "openSUSE", "rpm", version_key, namespace="opensuse",
    distros=("opensuse", "opensuse-leap", "opensuse-leap-micro", "opensuse-tumbleweed"),
    release=_opensuse, named_by="both",
)  # fmt: skip
azure = Ecosystem(
    "Azure Linux", "rpm", version_key, namespace="azurelinux",
    distros=("azurelinux", "mariner"), release=_major, named_by="both",
)  # fmt: skip
openeuler = Ecosystem(
    "openEuler", "rpm", version_key, namespace="openeuler", distros=("openeuler",),
    release=_openeuler, named_by="source",
)  # fmt: skip
mageia = Ecosystem(
    "Mageia", "rpm", version_key, namespace="mageia", distros=("mageia",), release=_major,
    named_by="source",
)  # fmt: skip
