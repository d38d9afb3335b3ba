"""A real Debian root from the main suite, and what its security suite has anew."""

from __future__ import annotations

import lzma
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pratique.codecs.debcontrol import paragraphs
from pratique.ecosystems.deb import version_key

MIRROR = "http://deb.debian.org"
_SOURCE = re.compile(r"(\S+)(?:\s+\(([^)]*)\))?")


def debootstrapped(folder: Path, include: str) -> Path:
    """Make a Debian 12 with a few more programs, or skip."""
    if os.geteuid() or not shutil.which("debootstrap") or not shutil.which("chroot"):
        pytest.skip("needs root and debootstrap")
    try:
        urllib.request.urlopen(f"{MIRROR}/debian/dists/bookworm/Release", timeout=10).close()
    except OSError as error:
        pytest.skip(f"no mirror of Debian is reachable: {error}")
    root = folder / "root"
    command = ["debootstrap", "--variant=minbase", f"--include={include}", "bookworm", str(root)]
    subprocess.run([*command, f"{MIRROR}/debian"], check=True, capture_output=True)
    return root


def newer(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the source packages of which the security suite has newer versions, and these."""
    status = (root / "var/lib/dpkg/status").read_bytes()
    installed = {fields["Package"]: fields for fields in paragraphs(status)}
    seen: set[str] = set()
    for fields in _packages("debian-security/dists/bookworm-security"):
        own = installed.get(fields["Package"])
        source, version = _source(fields)
        if own and source not in seen and version_key(version) > version_key(_source(own)[1]):
            seen.add(source)
            yield source, version


def _packages(suite: str) -> Iterator[dict[str, str]]:
    url = f"{MIRROR}/{suite}/main/binary-amd64/Packages.xz"
    with urllib.request.urlopen(url, timeout=60) as answer:
        yield from paragraphs(lzma.decompress(answer.read()))


def _source(fields: dict[str, str]) -> tuple[str, str]:
    match = _SOURCE.match(fields.get("Source", fields["Package"]))
    assert match
    return match[1], match[2] or fields["Version"]
