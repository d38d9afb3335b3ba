"""Snaps, by the metadata that each has (https://snapcraft.io/docs/snap-format).

Only keys at the left margin are read, so that no YAML need be parsed; what a snap staged from
Ubuntu is not matched, for it is of its base's release and not of this system's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_KEY = re.compile(r"^(name|version|license):(.*)$", re.MULTILINE)
_ARCHITECTURE = re.compile(
    r"^architectures:[ \t]*(?:\[[ \t]*|\r?\n[ \t]*-[ \t]*)([\w\"']+)", re.MULTILINE
)
_LIMIT = 1 << 20


def _analyze(file: File) -> Iterator[Package]:
    text = file.open().read(_LIMIT).decode("utf-8", "replace")
    keys: dict[str, str] = {}
    for key, value in _KEY.findall(text):
        keys.setdefault(key, _plain(value.strip()))
    if not keys.get("name") or not keys.get("version"):
        raise MalformedError("a snap without a name or a version", file.path)
    architecture = _ARCHITECTURE.search(text)
    yield Package(
        file.path, "snap", "snap", keys["name"], keys["version"],
        _plain(architecture[1]) if architecture else "",
        licenses=(keys["license"],) if keys.get("license") else (),
    )  # fmt: skip


def _plain(value: str) -> str:
    """Return a scalar without its quotes, or without the comment behind it."""
    if value[:1] in ("'", '"'):
        return value[1:].partition(value[0])[0]
    return value.partition(" #")[0].strip()


snap = Analyzer("snap", 1, ("meta/snap.yaml",), _analyze)
