"""DC-0040: the file of a secret stands in the project."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.ignored import is_ignored
from pratique.codecs.compose.service import Project, of_project
from pratique.model.check import Check, Failure


def _judge(project: Project) -> Iterator[Failure]:
    """Pass over a file that .gitignore names: it is then on this machine alone."""
    for name, value in project.members("secrets"):
        path = value.get("file")
        if not isinstance(path, str) or path.startswith(("/", "~", "$")):
            continue
        if project.read(path) and not is_ignored(project, path):
            yield Failure(f"the secret {name} is in {path}, in the project", *value.spans["file"])


check = Check(
    "DC-0040",
    "File of a secret in the project",
    "What stands beside the source code is committed and built into images with it.",
    "MEDIUM",
    "Name the file in .gitignore and .dockerignore, or keep it outside of the project.",
    of_project(_judge),
    (),
    (),
)
