"""Write what was asked for to stdout or a file."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from pratique.errors import PratiqueError


def write_file(text: str, path: str) -> None:
    """Write to stdout (an empty path), or to a file that is whole or not there."""
    if not path:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    if os.path.exists(path) and not os.path.isfile(path):  # /dev/stdout, a pipe
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        raise PratiqueError(f"{path}: cannot be written: {error.strerror}") from error
