"""Have uv lock newer versions, and pyproject.toml allow them where it does not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from pratique.model.remedy import Bump, Project, Remedy
from pratique.pyproject_edit import edited
from pratique.python_index import released

_ENVIRONMENT = {"UV_PYTHON_DOWNLOADS": "never"}


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    manifest, text, _ = edited(project, path, bumps)
    if text != project.text(manifest):
        project.write(manifest, text)
    if not (uv := project.tool("uv")):
        yield "its lock file is to be made anew: uv lock"
        return
    words = [word for b in bumps for word in ("--upgrade-package", f"{b.name}=={b.to}")]
    project.run(
        [uv, "lock", "--quiet", "--no-build", *words], posixpath.dirname(path), _ENVIRONMENT
    )


uv = Remedy("uv", ("uv",), ("pyproject.toml", "uv.lock"), released, _apply)
