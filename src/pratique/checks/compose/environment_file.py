"""DC-0017: a file of settings with secrets stands in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.ignored import is_ignored
from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.located_values import List, Map
from pratique.codecs.secret_names import is_secret
from pratique.model.check import Check, Failure

_LINE = re.compile(r"^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*(.*?)\s*$", re.MULTILINE)


def _judge(service: Service) -> Iterator[Failure]:
    """Pass over a file that .gitignore names: it is then on this machine alone."""
    for path, span in _files(service):
        text = service.project.read(path)
        if text is None or is_ignored(service.project, path):
            continue
        names = [name for name, value in _LINE.findall(text) if is_secret(name, value.strip("\"'"))]
        if names:
            yield Failure(f"{path} is in the tree, with a value of {names[0]}", *span)


def _files(service: Service) -> Iterator[tuple[str, tuple[int, int]]]:
    yield from service.items("env_file")
    listed = service.get("env_file")
    for item in listed if isinstance(listed, List) else []:
        if isinstance(item, Map) and isinstance(path := item.get("path"), str):
            yield path, item.spans["path"]


check = Check(
    "DC-0017",
    "Environment file with secrets in the project",
    "What stands beside the source code is copied, committed and built into images with it.",
    "MEDIUM",
    "Name the file in .gitignore and .dockerignore, keep an example of it without values, and use "
    "secrets:.",
    of_service(_judge),
    (),
    (),
)
