"""Have uv lock newer versions, and pyproject.toml allow them where it does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.pyproject_edit import edited
from pratique.python_index import released
from pratique.python_lowest import raised

_NO_WHEEL = re.compile(r"Because ([\w.-]+)==(\S+) has no usable wheels")
_ENVIRONMENT = {"UV_PYTHON_DOWNLOADS": "never"}


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    manifest, text, _ = edited(project, path, bumps)
    if text != project.text(manifest):
        project.write(manifest, text)
    if not (uv := project.tool("uv")):
        yield "its lock file is to be made anew: uv lock"
        return
    words = [word for b in bumps for word in ("--upgrade-package", f"{b.name}=={b.to}")]
    binary = [] if project.may_build else ["--no-build"]
    try:
        project.run([uv, "lock", "--quiet", *binary, *words], posixpath.dirname(path), _ENVIRONMENT)
    except MalformedError as error:
        if not (bare := _NO_WHEEL.search(error.reason)):
            raise
        raise MalformedError(f"{bare[1]} {bare[2]} has no wheel for all Pythons of the project: "
                             "--allow-builds lets uv build it") from error  # fmt: skip


uv = Remedy(
    "uv", ("uv",), ("pyproject.toml", "uv.lock"), released, _apply,
    raised=raised,
)  # fmt: skip
