"""The manifest beside a lock file: what a project asks for, where the lock file does not tell."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from pratique.model.file import File


def beside(file: File, name: str) -> bytes | None:
    """Return a file by its path from the same folder; None outside of a project on disk."""
    return file.other(normpath(join(dirname(file.path), name)))
