"""Let pyproject.toml ask for versions that it does not allow yet."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from pratique.codecs.pyproject import Change, changed
from pratique.codecs.python_range import allows, moved
from pratique.codecs.requirement import normalized
from pratique.ecosystems.pypi import pypi
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project


def edited(project: Project, lock: str, bumps: Sequence[Bump]) -> tuple[str, str, str]:
    """Return the path of a lock's pyproject.toml, its text then, and one that asks for exactly the
    new versions; raises MalformedError where there is none, or a range is not understood.
    """
    path = posixpath.join(posixpath.dirname(lock), "pyproject.toml")
    text = project.text(path)
    if text is None:
        raise MalformedError("there is no pyproject.toml beside it", lock)
    ranged = changed(text, {normalized(bump.name): _ranged(bump) for bump in bumps})
    exact = changed(text, {normalized(bump.name): _exact(bump) for bump in bumps})
    return path, ranged, exact


def _ranged(bump: Bump) -> Change:
    def change(written: str, _poetry: bool) -> str:  # noqa: FBT001 - what Change takes
        if allows(written, bump.to, pypi.version_key):
            return written
        if not (to := moved(written, bump.to, pypi.version_key)):
            raise MalformedError(f"{bump.name} is asked for as {written}")
        return to

    return change


def _exact(bump: Bump) -> Change:
    return lambda _written, poetry: bump.to if poetry else f"=={bump.to}"
