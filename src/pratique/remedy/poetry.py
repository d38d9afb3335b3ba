"""Have Poetry lock newer versions, and pyproject.toml allow them where it does not.

Poetry locks the newest that is allowed, so it is first asked for the lowest that will do alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.model.remedy import Bump, Project, Remedy
from pratique.pyproject_edit import edited
from pratique.python_index import released
from pratique.python_lowest import raised


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    manifest, text, exact = edited(project, path, bumps)
    poetry, folder = project.tool("poetry"), posixpath.dirname(path)
    if not poetry:
        if text != project.text(manifest):
            project.write(manifest, text)
        yield "its lock file is to be made anew: poetry lock"
        return
    names = [bump.name for bump in bumps]
    project.write(manifest, exact)
    project.run([poetry, "update", "--lock", "--no-interaction", *names], folder)
    if exact != text:
        project.write(manifest, text)
        version = re.search(r"\d+", project.run([poetry, "--version", "--no-ansi"], folder))
        keeps = ["--no-update"] if version and int(version[0]) < 2 else []
        project.run([poetry, "lock", "--no-interaction", *keeps], folder)


poetry = Remedy(
    "poetry", ("poetry",), ("pyproject.toml", "poetry.lock"), released, _apply,
    raised=raised,
)  # fmt: skip
