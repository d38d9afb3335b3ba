"""Fixtures of images to attest things of; tests name this module in `pytest_plugins`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from attested import Published
from cosign import WORD, pair
from pratique.signing.keys import PASSWORD
from registries import running


@pytest.fixture(scope="session")
def attesting_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not shutil.which("docker-registry"):
        pytest.skip("docker-registry is not installed")
    folder = tmp_path_factory.mktemp("attesting")
    with running(folder, folder / "store") as host:
        yield host


@pytest.fixture(scope="session")
def key_pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return pair(tmp_path_factory.mktemp("keys"), "team", "ed25519")


@pytest.fixture
def published(
    attesting_registry: str, key_pair: tuple[str, str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Published:  # fmt: skip
    for name in ("HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv(PASSWORD, WORD)
    monkeypatch.chdir(tmp_path)
    return Published(attesting_registry, tmp_path, *key_pair)
