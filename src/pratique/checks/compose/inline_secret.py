"""DC-0039: a secret stands in the file, as the content of a configuration or a variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Project, of_project
from pratique.codecs.secret_names import is_secret
from pratique.model.check import Check, Failure

_LINE = re.compile(r"^\s*[\"']?([\w.-]+)[\"']?\s*[=:]\s*[\"']?([^\s\"']+)", re.MULTILINE)


def _judge(project: Project) -> Iterator[Failure]:
    for section in ("configs", "secrets"):
        for name, value in project.members(section):
            content = value.get("content")
            if not isinstance(content, str):
                continue
            found = [key for key, text in _LINE.findall(content) if is_secret(key, text)]
            if section == "secrets" or found:
                what = f", {found[0]} among it" if found else ""
                yield Failure(f"{section}: {name} is written here{what}", *value.spans["content"])


check = Check(
    "DC-0039",
    "Secret written into the file",
    "The file is shared with the source code.",
    "HIGH",
    "Use secrets: with file: outside of the project, or with environment: of whoever starts it.",
    of_project(_judge),
    (),
    (),
)
