"""The manifest beside a lock file: what a project asks for, where the lock file does not tell."""

from __future__ import annotations

from pratique.model.file import File


def beside(file: File, name: str) -> bytes | None:
    """Return a file of the same folder; None where there is none, or no project on disk."""
    folder, slash, _ = file.path.rpartition("/")
    return file.other(f"{folder}{slash}{name}")
