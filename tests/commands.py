"""Run the command line as its user does, with a cache that no other run has filled."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile

_CACHE = tempfile.mkdtemp(prefix="pratique-tests-")
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)


def run(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Give what `pratique WORDS` says; an exit status other than 0 fails unless it is asked for."""
    command = [sys.executable, "-m", "pratique", *words]
    environment = {"PRATIQUE_CACHE_DIR": _CACHE} | os.environ
    return subprocess.run(command, check=check, capture_output=True, text=True, env=environment)
