"""Registries to share databases in, and a database; tests name this in `pytest_plugins`."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pratique.artifacts.remote import Remote
from pratique.model.settings import Settings
from pratique.net import Client
from registries import running
from sharing import Shelf, shard

_names = itertools.count()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    for program in ("docker-registry", "skopeo"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("shelf")
    with running(folder, folder / "store") as host:
        yield Shelf(host, folder / "store")


@pytest.fixture
def place(shelf: Shelf, nobody: Path) -> str:
    """Name a repository that nobody has used."""
    return f"oci://{shelf.host}/lab/db{os.getpid()}-{next(_names)}:1"


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Give a folder with three shards."""
    folder = tmp_path / "shared"
    for number, name in enumerate(("npm", "Debian:12", "KEV")):
        shard(folder, name, 60 + number)
    return folder


@pytest.fixture
def open_remote() -> Iterator[Callable[[str], Remote]]:
    """Open repositories whose client never really waits."""
    opened: list[Remote] = []

    def make(name: str) -> Remote:
        client = Client(wait=lambda _: None)
        opened.append(Remote(name, Settings(), client))
        return opened[-1]

    yield make
    for remote in opened:
        remote.close()
