"""DC-0038: the field `version`, which nothing reads any more."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Project, of_project
from pratique.model.check import Check, Edit, Failure


def _judge(project: Project) -> Iterator[Failure]:
    if "version" in project.top:
        span = project.top.spans["version"]
        yield Failure("version is obsolete", *span, fix=Edit(*span, ""))


check = Check(
    "DC-0038",
    "Obsolete field version",
    "Compose passes over it with a warning; who reads it takes the file for one of an old format.",
    "LOW",
    "Delete the line.",
    of_project(_judge),
    (),
    ("https://docs.docker.com/reference/compose-file/version-and-name/",),
)
