"""Volumes of a service: `SOURCE:TARGET:ro` and the long syntax."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from pratique.codecs.located_values import Map, Value

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]")


class Mount(Struct, frozen=True, gc=False):
    """What is mounted where."""

    source: str
    """A path of the host, normalised, as it is written (`~`, `.`); else a volume's name or none."""
    target: str
    is_bind: bool
    read_only: bool
    options: tuple[str, ...] = ()


def mount_of(value: Value) -> Mount | None:
    """Return a mount, or None for what is none."""
    if isinstance(value, Map):
        return _long(value)
    if not isinstance(value, str):
        return None
    drive = value[:2] if _WINDOWS.match(value) else ""
    parts = value[len(drive) :].split(":")
    if len(parts) == 1:
        return Mount("", value, False, False)
    source, target = drive + parts[0], parts[1]
    options = tuple(option for part in parts[2:] for option in part.split(","))
    is_bind = bool(drive) or source.startswith(("/", ".", "~", "$"))
    return Mount(_normal(source, is_bind), target, is_bind, "ro" in options, options)


def _long(value: Map) -> Mount | None:
    source, target = value.get("source"), value.get("target")
    is_bind = value.get("type") == "bind"
    bind = value.get("bind")
    propagation = bind.get("propagation") if isinstance(bind, Map) else None
    options = (propagation,) if isinstance(propagation, str) else ()
    return Mount(
        _normal(source if isinstance(source, str) else "", is_bind),
        target if isinstance(target, str) else "",
        is_bind,
        value.get("read_only") is True,
        options,
    )


def _normal(source: str, is_bind: bool) -> str:  # noqa: FBT001
    if not is_bind or not source:
        return source
    normal = posixpath.normpath(source)
    return normal[1:] if normal.startswith("//") else normal
