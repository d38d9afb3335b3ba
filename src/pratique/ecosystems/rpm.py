"""RPM's versions (rpm-version(7)) and the distributions that OSV has advisories for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_SEGMENT = re.compile(r"(\d+)|([A-Za-z]+)|([~^])", re.ASCII)
_END = (1,)
_MARKS = {"~": (0,), "^": (2,)}
_Part = tuple[tuple[int | str, ...], ...]


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[int, _Part, _Part]:
    """Return a key for `[epoch:]version[-release]` that sorts as rpm does.

    A missing release comes before every other. Raises ValueError for what is no version.
    """
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    if not rest or not (epoch.isascii() and epoch.isdigit()) or any(c.isspace() for c in rest):
        raise ValueError(version)
    name, _, release = rest.partition("-")
    return int(epoch), tuple(_segments(name)), tuple(_segments(release)) if release else ()


def _segments(text: str) -> Iterator[tuple[int | str, ...]]:
    """Yield the runs that rpmvercmp compares: numbers beat letters, which beat the end."""
    for digits, letters, mark in _SEGMENT.findall(text):
        if digits:
            yield (4, int(digits))
        elif letters:
            yield (3, letters)
        else:
            yield _MARKS[mark]
    yield _END


def _major(distro: Distro) -> str:
    return distro.version.partition(".")[0]


def _redhat(distro: Distro) -> str:
    return f"enterprise_linux:{_major(distro)}::baseos"


def _leap(distro: Distro) -> str:
    return "Tumbleweed" if "tumbleweed" in distro.id else f"Leap {distro.version}"


def _suse(distro: Distro) -> str:
    major, _, pack = distro.version.partition(".")
    return f"Linux Enterprise Server {major}" + (f" SP{pack}" if pack not in ("", "0") else "")


def _azure(distro: Distro) -> str:
    return _major(distro)


alma = Ecosystem(
    "AlmaLinux", "rpm", version_key, namespace="almalinux", distros=("almalinux",), release=_major
)
rocky = Ecosystem(
    "Rocky Linux", "rpm", version_key, namespace="rocky", distros=("rocky",), release=_major
)
redhat = Ecosystem(
    "Red Hat", "rpm", version_key, namespace="redhat", distros=("rhel",), release=_redhat
)
suse = Ecosystem(
    "SUSE", "rpm", version_key, namespace="suse", distros=("sles", "sles_sap"), release=_suse
)
opensuse = Ecosystem(
    "openSUSE", "rpm", version_key, namespace="opensuse",
    distros=("opensuse-leap", "opensuse-tumbleweed", "opensuse"), release=_leap,
)  # fmt: skip
azure = Ecosystem(
    "Azure Linux", "rpm", version_key, namespace="azurelinux",
    distros=("azurelinux", "mariner"), release=_azure,
)  # fmt: skip
openeuler = Ecosystem(
    "openEuler", "rpm", version_key, namespace="openeuler", distros=("openEuler",),
    release=lambda distro: distro.version,
)  # fmt: skip
mageia = Ecosystem(
    "Mageia", "rpm", version_key, namespace="mageia", distros=("mageia",), release=_major
)
