"""Dockerfiles and Containerfiles, and what says which files their builds see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Document
from pratique.model.file import File

_LARGEST = 1 << 20
_OTHERS = (
    ".adoc", ".bak", ".c", ".css", ".erb", ".go", ".h", ".html", ".j2", ".jinja", ".jinja2", ".js",
    ".json",
    ".lock", ".md", ".orig", ".php", ".py", ".rb", ".rego", ".rej", ".rs", ".rst", ".sh", ".swp",
    ".tar",
    ".tmpl", ".tpl", ".ts", ".txt", ".vim", ".yaml", ".yml", ".gz", ".pem", ".toml", ".template",
)  # fmt: skip
"""Endings of what is about Dockerfiles, or a template of one, but is none."""
_OF_OTHERS = re.compile(
    r"/(?:node_modules|site-packages|dist-packages|gems|go/pkg/mod|\.cargo/registry|\.pyenv|\.git)/"
    r"|^/usr/(?:share|lib|lib64|local/go|local/lib)/"
)
"""Folders of what was installed: how it is built elsewhere says nothing of this image."""


def _analyze(file: File) -> Iterator[Document]:
    name = file.path.rpartition("/")[2]
    is_ignore = name.endswith(".dockerignore")
    if name.lower().endswith(_OTHERS) or _OF_OTHERS.search(f"/{file.path}"):
        return
    if file.size > _LARGEST:
        raise MalformedError(f"it has more than {_LARGEST} bytes", file.path)
    type = "dockerignore" if is_ignore else "dockerfile"
    yield Document(file.path, type, file.read().decode("utf-8", "replace"))


dockerfile = Analyzer(
    "dockerfile",
    1,
    (
        "Dockerfile", "Dockerfile.*", "Dockerfile-*", "dockerfile", "*.Dockerfile", "*.dockerfile",
        "Containerfile", "Containerfile*", "*.Containerfile", ".dockerignore", "*.dockerignore",
    ),
    _analyze,
    reads="both",
    scanner="misconfig",
)  # fmt: skip
