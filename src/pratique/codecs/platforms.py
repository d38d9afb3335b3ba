"""Platforms (`linux/arm64/v8`): how they are written, and how well one serves for another.

Names are Go's; the defaults of variants are containerd's: https://github.com/containerd/platforms.
"""

from __future__ import annotations

import os

from msgspec import Struct, field

from pratique.errors import UsageError

_ALIASES = {
    "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "armv7l": "arm",
    "armv8l": "arm", "i386": "386", "i686": "386", "loongarch64": "loong64",
}  # fmt: skip
_VARIANTS = {"armv6l": ("arm", "v6"), "armel": ("arm", "v6")}
_BARE = ("amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "loong64")
_DEFAULTS = {"arm64": "v8", "arm": "v7", "amd64": "v1"}
_ARM = ("v7", "v6", "v5")


class Platform(Struct, frozen=True, gc=False):
    """What an image runs on."""

    os: str = ""
    architecture: str = ""
    variant: str = ""
    os_version: str = field(default="", name="os.version")

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


def parse(text: str) -> Platform:
    """Return the platform that a user wrote: `os/architecture[/variant]`, or a known architecture.

    Raises UsageError.
    """
    parts = text.lower().split("/")
    if len(parts) == 1:
        parts = ["linux", text.lower()]
    name, variant = _architecture(parts[1])
    platform = Platform(parts[0], name, parts[2] if len(parts) == 3 else variant)
    bare = "/" not in text and name not in _BARE
    if bare or len(parts) > 3 or not all(parts):
        advice = "Write linux/amd64, linux/arm64, linux/arm/v7 …, or all."
        raise UsageError(f"{text!r} is not a platform", advice)
    return platform


def host() -> Platform:
    """Return this machine's platform; containers are Linux everywhere, in a virtual machine."""
    return Platform("linux", *_architecture(os.uname().machine.lower()))


def rank(wanted: Platform, offered: Platform) -> int | None:
    """Say how well a platform serves for the wanted one: 0 is best, None is not at all.

    A 32-bit ARM runs what was built for older ones. Where no variant was asked for, any will do.
    """
    name, variant = _architecture(offered.architecture)
    if (wanted.os, wanted.architecture) != (offered.os, name):
        return None
    default = _DEFAULTS.get(name, "")
    mine, theirs = wanted.variant or default, offered.variant or variant or default
    if mine == theirs:
        return 0
    if name == "arm" and theirs < mine:
        return 1 + _ARM.index(theirs) if theirs in _ARM else None
    return None if wanted.variant else len(_ARM) + 1


def _architecture(name: str) -> tuple[str, str]:
    return _VARIANTS.get(name) or (_ALIASES.get(name, name), "")
