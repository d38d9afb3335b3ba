"""Python environments in an image: what is installed in each, and which wheels fit it.

https://packaging.python.org/en/latest/specifications/recording-installed-packages/,
https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from pratique.codecs.metadata_fields import fields
from pratique.codecs.requirement import normalized
from pratique.model.inventory import Inventory, Package
from pratique.patch.root import Root

if TYPE_CHECKING:
    from packaging.tags import Tag

_SITE = re.compile(r"(?:(.+)/)?lib(?:64)?/python(\d+)\.(\d+)/(?:site|dist)-packages")
_INFO = re.compile(r"(.+)/([^/]+)\.dist-info/METADATA")
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "386": "i686", "arm": "armv7l",
             "ppc64le": "ppc64le", "s390x": "s390x"}  # fmt: skip
_OLDEST = {"x86_64": 5, "i686": 5}
_ALIASES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


def wanted(path: str) -> bool:
    """Tell which files of an image have to be read."""
    return ".dist-info/" in path or path in ("etc/passwd", "etc/group")


class Installed(Struct):
    """A distribution package of Python."""

    name: str
    """Normalized."""
    version: str
    needs: tuple[str, ...]
    """Requirements as they are written (PEP 508)."""
    folder: str
    """Its dist-info, relative to the root."""


class Environment(Struct):
    """One site-packages folder."""

    site: str
    prefix: str
    python: tuple[int, int]
    packages: dict[str, Installed]

    @property
    def interpreter(self) -> str:
        """What scripts of the environment begin with."""
        return f"/{self.prefix}/bin/python".replace("//", "/")


def environments(root: Root) -> list[Environment]:
    """Return the environments of an image that have packages with metadata."""
    found: dict[str, Environment] = {}
    for path in sorted(root.contents):
        match = _INFO.fullmatch(path)
        site = _SITE.fullmatch(match[1]) if match else None
        if match is None or site is None:
            continue
        one = found.setdefault(match[1], Environment(
            match[1], site[1] or "", (int(site[2]), int(site[3])), {}))  # fmt: skip
        known = fields(root.contents[path])
        name = normalized(next(iter(known.get("name", [])), ""))
        version = next(iter(known.get("version", [])), "")
        if name and version:
            needs = tuple(known.get("requires-dist", []))
            folder = f"{match[1]}/{match[2]}.dist-info"
            one.packages[name] = Installed(name, version, needs, folder)
    return list(found.values())


def markers(environment: Environment, architecture: str) -> dict[str, str]:
    """Return what environment markers are evaluated with (PEP 508)."""
    version = ".".join(map(str, environment.python))
    return {
        "python_version": version, "python_full_version": f"{version}.0", "os_name": "posix",
        "sys_platform": "linux", "platform_system": "Linux", "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "implementation_version": f"{version}.0",
        "platform_machine": _MACHINES.get(architecture, architecture), "platform_release": "",
        "platform_version": "",
    }  # fmt: skip


def tags(environment: Environment, architecture: str, inventory: Inventory) -> frozenset[Tag]:
    """Return the tags of wheels that run in an environment of an image."""
    from packaging.tags import compatible_tags, cpython_tags  # noqa: PLC0415 - an extra

    platforms = list(_platforms(_MACHINES.get(architecture, architecture), inventory))
    interpreter = f"cp{environment.python[0]}{environment.python[1]}"
    return frozenset([
        *cpython_tags(environment.python, platforms=platforms),
        *compatible_tags(environment.python, interpreter, platforms),
    ])  # fmt: skip


def _platforms(machine: str, inventory: Inventory) -> Iterator[str]:
    """Yield platforms by the C library that the image has."""
    musl = _version(inventory.packages, ("musl",))
    if musl:
        yield from (f"musllinux_1_{minor}_{machine}" for minor in range(musl[1], -1, -1))
        return
    glibc = _version(inventory.packages, ("libc6", "glibc"))
    for minor in range(glibc[1] if glibc else 17, _OLDEST.get(machine, 17) - 1, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if minor in _ALIASES:
            yield f"{_ALIASES[minor]}_{machine}"
    yield f"linux_{machine}"


def _version(packages: Sequence[Package], names: Sequence[str]) -> tuple[int, int] | None:
    for package in packages:
        if package.name in names and (found := re.match(r"(?:\d+:)?(\d+)\.(\d+)", package.version)):
            return int(found[1]), int(found[2])
    return None
