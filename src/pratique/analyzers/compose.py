"""Compose files, as they are: what they say is judged by the checks of their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Document
from pratique.model.file import File

_LARGEST = 1 << 20
_SERVICES = re.compile(rb"^[\"']?(?:services|include)[\"']?[ \t]*:|^\{", re.MULTILINE)
_STEMS = ("compose", "docker-compose", "podman-compose", "container-compose", "docker-stack")
_NAMES = tuple(f"{name}*.{end}" for name in _STEMS for end in ("yml", "yaml"))


def _analyze(file: File) -> Iterator[Document]:
    """Yield a file that has services, or includes other files; others are called so by chance."""
    if file.size > _LARGEST:
        raise MalformedError(f"{file.size} bytes are too many for a Compose file", file.path)
    data = file.read()
    if _SERVICES.search(data):
        yield Document(file.path, "compose", data.decode("utf-8-sig", "replace"))


compose = Analyzer("compose", 1, _NAMES, _analyze, "both", "misconfig")
