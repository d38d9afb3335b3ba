"""Run programs of this machine that render configuration, without a network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from pratique.errors import MalformedError

_SECONDS = 60
_LARGEST = 64 << 20
_NOWHERE = "http://127.0.0.1:9"
_OFFLINE = {
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_TERMINAL_PROMPT": "0",
    "HTTPS_PROXY": _NOWHERE,
    "HTTP_PROXY": _NOWHERE,
    "NO_PROXY": "",
    "KUBECONFIG": os.devnull,
}


def output_of(command: Sequence[str], home: str, where: str) -> str:
    """Return what a program writes; `home` is an empty folder that takes its settings and caches.

    It gets no credentials and no proxy that leads anywhere. Raises MalformedError with the first
    line that it complains with, or where it takes more than a minute or writes more than 64 MiB.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "TMPDIR": home}
    name = os.path.basename(command[0])
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            env=environment | _OFFLINE,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise MalformedError(f"{name} took more than {_SECONDS} seconds", where) from None
    except OSError as error:
        raise MalformedError(f"{name} cannot be run: {error.strerror}", where) from error
    if done.returncode:
        raise MalformedError(f"{name}: {_complaint(done.stderr)}", where)
    if len(done.stdout) > _LARGEST:
        raise MalformedError(f"{name} wrote {len(done.stdout)} bytes: too many to judge", where)
    return done.stdout.decode("utf-8", "replace")


def _complaint(stderr: bytes) -> str:
    """Return what a program ended with, on one line."""
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("Use --debug")]
    first = next((n for n, line in enumerate(lines) if line.lower().startswith("error")), 0)
    found = " ".join(lines[first:]) or "no reason was given"
    return found.removeprefix("Error:").removeprefix("error:").strip()[:2000]
