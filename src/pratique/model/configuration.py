"""Configuration that was read, for checks to judge: documents, and the modes of files."""

from __future__ import annotations

from msgspec import Struct


class Document(Struct, frozen=True, gc=False, array_like=True, tag="c", tag_field="kind"):
    """A file that says how something is built or run, as it is."""

    path: str
    type: str
    """The kind of configuration that it is to be judged as: dockerfile, kubernetes, compose …"""
    text: str
    layer: int = -1
    """Index of the layer that it is in."""


class Mode(Struct, frozen=True, gc=False, array_like=True, tag="m", tag_field="kind"):
    """A file or directory with odd permissions: setuid, setgid, world-writable."""

    path: str
    mode: int
    """The permission bits, with setuid, setgid and sticky."""
    user: int
    group: int
    type: str
    """file or directory."""
    layer: int = -1
    """Index of the layer that it is in."""


class Trace(Struct, frozen=True, gc=False, array_like=True, tag="t", tag_field="kind"):
    """What a file of an image, or its being there, tells of how the image was made."""

    path: str
    what: str
    """user, password, superuser, sudo, program, loader, large, or the kind of a leftover."""
    detail: str = ""
    """A name: of the account, the program, the cache."""
    number: int = 0
    """The id of a user, the size of a large file in bytes."""
    layer: int = -1
    """Index of the layer that it is in."""
    removed: int = -1
    """Index of the later layer that deletes or rewrites a large file, which stays in the image."""
