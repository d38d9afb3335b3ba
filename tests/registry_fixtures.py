"""Fixtures with real registries; tests name this module in `pytest_plugins`."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oci_layout import Layout
from pratique.net import Client
from pratique.sources.registry import Registry
from registries import PASSWORD, Running, copy, push, running

BY_HAND = ("plain", "many", "nested")  # skopeo compresses layers and leaves attestations out
BIG = {"big": random.Random(1).randbytes(3 << 20)}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for program in ("docker-registry", "skopeo", "htpasswd", "openssl"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="session")
def registry(folder: Path) -> Iterator[Running]:
    layout = Layout(folder / "layout")
    both = [
        layout.image({"etc/arch": b"amd"}),
        layout.image({"etc/arch": b"arm"}, platform="linux/arm64/v8"),
    ]
    entries = {
        "two": layout.image({"a": b"1"}, {"b": b"2"}),
        "zstd": layout.image({"a": b"zstd"}, compression="zstd"),
        "plain": layout.image({"a": b"plain"}, compression=""),
        "big": layout.image(BIG),
        "many": layout.index(*both, layout.attestation(both[0]["digest"])),
        "nested": layout.index(layout.index(*both)),
    }
    layout.tag(**{name: entry for name, entry in entries.items() if name not in BY_HAND})
    with running(folder, folder / "store") as host:
        for name in ("two", "zstd", "big"):
            copy(layout, name, host)
        copy(layout, "two", host, "docker", "--format", "v2s2")
        for name in BY_HAND:
            push(host, f"lab/{name}", layout, entries[name])
        yield Running(host, folder / "store", layout, entries)


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the machine's own logins out of the tests."""
    for name in ("HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("REGISTRY_AUTH_FILE", raising=False)
    return tmp_path / "config.json"


@pytest.fixture
def connect(nobody: Path) -> Iterator[Callable[..., Registry]]:
    """Make registries that are closed after the test, and that never really wait."""
    with contextlib.ExitStack() as stack:

        def make(name: str, **flags: Any) -> Registry:
            waits = flags.pop("waits", [])
            client = Client(
                wait=waits.append,
                insecure=flags.get("insecure", False),
                cacert=flags.pop("cacert", ""),
            )
            source = Registry(name, client=client, **flags)
            stack.callback(source.close)
            return source

        yield make


@pytest.fixture(scope="session")
def basic(registry: Running, folder: Path) -> Iterator[str]:
    """A registry of the same images that wants a name and a password."""
    entry = subprocess.run(["htpasswd", "-Bbn", "me", PASSWORD], check=True, capture_output=True)
    (folder / "htpasswd").write_bytes(entry.stdout)
    auth = f"auth: {{htpasswd: {{realm: lab, path: {folder}/htpasswd}}}}\n"
    with running(folder, registry.root, auth) as host:
        yield host
