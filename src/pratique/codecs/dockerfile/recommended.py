"""What Debian only recommends beside a package, and what is of little use without it.

By `apt-cache depends` of Debian 12. Programs alone are named, for which a build fails without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CERTIFICATES = ("ca-certificates",)
_HEADERS = ("libc6-dev",)
_NEEDED = {
    "autoconf": ("automake",), "cmake": ("gcc", "libc6-dev", "make"), "curl": _CERTIFICATES,
    "gcc": _HEADERS, "gfortran": _HEADERS, "git": _CERTIFICATES,
    "python3-pip": ("build-essential", "python3-dev"), "rustc": ("cargo",), "wget": _CERTIFICATES,
}  # fmt: skip
_BRING = {
    "build-essential": ("gcc", "libc6-dev", "make", "g++"), "g++": ("gcc", "libc6-dev"),
    "libstdc++-dev": _HEADERS, "clang": _HEADERS, "libc-dev": _HEADERS,
}  # fmt: skip


def needed(package: str, named: Iterable[str]) -> list[str]:
    """Return what to name beside a package, where recommendations are not installed.

    `named` are the packages that are installed by name anyhow.
    """
    there = {_plain(one) for one in named}
    there |= {other for one in there for other in _BRING.get(one, ())}
    return [one for one in _NEEDED.get(_plain(package), ()) if one not in there]


def _plain(package: str) -> str:
    """Return a package's name without a version, an architecture, or the series in the name."""
    return re.sub(r"-\d+$", "", re.split(r"[=:/]", package, maxsplit=1)[0])
