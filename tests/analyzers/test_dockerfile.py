"""Which files are Dockerfiles, and which only look like it."""

from __future__ import annotations

import pytest

from memory import MemoryFile
from pratique.analyzers.dockerfile import dockerfile
from pratique.errors import MalformedError
from pratique.inventory.wanted import Wanted
from pratique.model.configuration import Document


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("Dockerfile", "dockerfile"),
        ("a/Dockerfile.dev", "dockerfile"),
        ("Dockerfile-compile", "dockerfile"),
        ("api.Dockerfile", "dockerfile"),
        ("api.dockerfile", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("Containerfile.prod", "dockerfile"),
        (".dockerignore", "dockerignore"),
        ("Dockerfile.dev.dockerignore", "dockerignore"),
        ("Dockerfile.md", ""),
        ("Dockerfile.j2", ""),
        ("usr/share/vim/vim90/syntax/dockerfile.vim", ""),
        ("app/node_modules/x/Dockerfile", ""),
        ("usr/local/lib/python3.13/site-packages/x/Dockerfile", ""),
        ("MyDockerfile", ""),
        ("Dockerfiles", ""),
    ],
)
def test_paths(path: str, type: str) -> None:
    wanted = Wanted([dockerfile]).by(path.encode())
    found = [fact for a in wanted for fact in a.analyze(MemoryFile(path, b"FROM a", None))]
    assert found == ([Document(path, type, "FROM a")] if type else [])


def test_what_is_too_large_is_said_so() -> None:
    with pytest.raises(MalformedError, match="more than 1048576 bytes"):
        list(dockerfile.analyze(MemoryFile("Dockerfile", b"#" * (1 << 20) + b"#", None)))
