"""Where shared databases are: a registry's repository, or an OCI layout on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol

from pratique.advisories.share.layout import Directory, Layout
from pratique.artifacts.remote import Remote
from pratique.errors import NotFound, UsageError
from pratique.model.settings import Settings

REMOTE, LAYOUT = "oci://", "oci-layout:"


class Repository(Protocol):
    """One database, and what is beside it under other tags."""

    name: str
    """As the user wrote it."""
    is_local: bool
    """Whether it is on this machine, so that nothing of it need be kept for another time."""

    def manifest(self, tag: str = "") -> tuple[bytes, str]:
        """Return a manifest and its digest: of the database itself, or of a tag beside it.

        Raises NotFound where there is none, DigestMismatch where it is another than was asked for.
        """

    def blob(self, digest: str, size: int, start: int = 0) -> Iterator[bytes]:
        """Yield a blob from a position on, not verified; raise SourceError where it is missing."""

    def close(self) -> None:
        """Let go of connections and files."""


def open_repository(name: str, settings: Settings) -> Repository:
    """Return what a user names: `oci://registry/repository[:tag][@digest]`, `oci-layout:DIR[:tag]`.

    Raises UsageError for what is neither, NotFound where there is no such folder.
    """
    if name.startswith(REMOTE):
        return Remote(name, settings)
    if not name.startswith(LAYOUT):
        hint = "It begins with oci:// for a registry, with oci-layout: for a folder."
        raise UsageError(f"{name!r} is no place of a database", hint)
    path, tag = name.removeprefix(LAYOUT), ""
    if not os.path.isdir(path) and ":" in path:
        path, _, tag = path.rpartition(":")
    if not os.path.isfile(os.path.join(path, "index.json")):
        raise NotFound(f"{name}: no OCI layout is there (index.json)")
    return Layout(name, Directory(path), tag)
