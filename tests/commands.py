"""Run the command line as its user does."""

from __future__ import annotations

import subprocess
import sys


def run(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Give what `pratique WORDS` says; an exit status other than 0 fails unless it is asked for."""
    command = [sys.executable, "-m", "pratique", *words]
    return subprocess.run(command, check=check, capture_output=True, text=True)
