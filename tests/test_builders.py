"""Engines are programs of the user's: what they are asked for, and what is said where they fail."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pratique.builders import builder
from pratique.errors import PratiqueError, UsageError

STUB = '#!/bin/sh\necho "$@" >> "$0.said"\ncase "$1" in {fails}) echo no such base >&2; exit 3;; esac\n'


def engine(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, fails: str = "never") -> Path:
    program = folder / name
    program.write_text(STUB.format(fails=fails))
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / f"{name}.said"


def test_docker_builds_saves_and_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = engine(tmp_path, "docker", monkeypatch)
    with builder("docker") as one:
        one.build("context", "context/Dockerfile", "image.tar")
    build, save, remove = said.read_text().splitlines()
    assert build.startswith(
        "build --pull --no-cache -f context/Dockerfile -t localhost/pratique-fix:"
    )
    assert build.endswith(" context")
    name = remove.removeprefix("rmi ")
    assert save == f"save -o image.tar {name}"


def test_buildah_has_a_storage_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = engine(tmp_path, "buildah", monkeypatch)
    with builder("buildah", insecure=True) as one:
        one.build("context", "context/Dockerfile", "image.tar")
    build, push = said.read_text().splitlines()
    assert "--isolation chroot --pull-always --tls-verify=false" in build
    assert "docker-archive:image.tar:localhost/pratique-fix:" in push
    root = next(word for word in build.split() if word.startswith("--root=")).partition("=")[2]
    assert not Path(root).parent.exists()


def test_a_build_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine(tmp_path, "docker", monkeypatch, "build")
    with (
        builder("docker") as one,
        pytest.raises(PratiqueError, match=r"status 3\)\n  no such base"),
    ):
        one.build("context", "Dockerfile", "image.tar")


def test_an_engine_that_is_not_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="there is no such program"), builder("buildah"):
        pass
