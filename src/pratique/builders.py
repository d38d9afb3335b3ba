"""Have an engine build what is planned, so that what was reckoned is seen.

buildah keeps its storage in a folder of ours, which goes when the build ends; of docker the image
that was built is removed again. Both are the user's own programs and may run what the build says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from pratique.errors import PratiqueError, UsageError

NAMES = ("buildah", "docker")
_SECONDS = 3600
_MOST_SAID = 12


class Builder(Protocol):
    """An engine that builds images."""

    name: str

    def load(self, archive: str) -> None:
        """Take an image of a docker archive under the name that it has there."""

    def build(self, context: str, dockerfile: str, archive: str, *, pull: bool = True) -> None:
        """Build a context into a docker archive; raises PratiqueError with what it says.

        Without `pull` bases are those that were loaded.
        """


@contextmanager
def builder(name: str, *, insecure: bool = False) -> Iterator[Builder]:
    """Give an engine; raises UsageError where its program is not here."""
    program = shutil.which(name)
    if not program:
        raise UsageError(f"--builder {name}: there is no such program here")
    if name == "docker":
        yield Docker(program)
        return
    with tempfile.TemporaryDirectory(prefix="pratique-", ignore_cleanup_errors=True) as folder:
        yield Buildah(program, folder, insecure=insecure)


class Buildah:
    """https://github.com/containers/buildah: no daemon, and inside a container no privileges."""

    name = "buildah"

    def __init__(self, program: str, folder: str, *, insecure: bool) -> None:
        places = [f"--root={folder}/root", f"--runroot={folder}/run"]
        self._words = [program, *places, "--storage-driver=vfs"]
        self._tls = ["--tls-verify=false"] if insecure else []

    def load(self, archive: str) -> None:
        _run([*self._words, "pull", "--quiet", f"docker-archive:{archive}"])

    def build(self, context: str, dockerfile: str, archive: str, *, pull: bool = True) -> None:
        name, when = _name(), "--pull-always" if pull else "--pull-never"
        _run([*self._words, "build", "--isolation", "chroot", when, *self._tls,
              "--format", "docker", "-f", dockerfile, "-t", name, context])  # fmt: skip
        _run([*self._words, "push", "--quiet", name, f"docker-archive:{archive}:{name}"])


class Docker:
    """The command of Docker, or of what takes its place (podman, nerdctl)."""

    name = "docker"

    def __init__(self, program: str) -> None:
        self._program = program

    def load(self, archive: str) -> None:
        _run([self._program, "load", "-i", archive])

    def build(self, context: str, dockerfile: str, archive: str, *, pull: bool = True) -> None:
        name = _name()
        words = [
            "build",
            *(["--pull"] if pull else []),
            "--no-cache",
            "-f",
            dockerfile,
            "-t",
            name,
            context,
        ]
        _run([self._program, *words])
        try:
            _run([self._program, "save", "-o", archive, name])
        finally:
            with suppress(PratiqueError):
                _run([self._program, "rmi", name])


def _name() -> str:
    return f"localhost/pratique-fix:{uuid.uuid4().hex[:12]}"


def _run(words: Sequence[str]) -> None:
    name = os.path.basename(words[0])
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=_SECONDS)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise PratiqueError(f"{name} took more than {_SECONDS} seconds") from None
    except OSError as error:
        raise PratiqueError(f"{name} cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        said = "\n".join(f"  {line}" for line in lines[-_MOST_SAID:])
        raise PratiqueError(f"{name}: the build fails (status {done.returncode})\n{said}")
