"""Write what was asked for to stdout or a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from pratique.errors import PratiqueError


def write_file(text: str | Iterable[str], path: str) -> None:
    """Write to stdout (an empty path), or to a file that is whole or not there."""
    pieces = [text] if isinstance(text, str) else text
    if not path:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
        return
    if os.path.exists(path) and not os.path.isfile(path):  # /dev/stdout, a pipe
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(pieces)
        return
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.writelines(pieces)
        os.replace(beside, path)
    except BaseException as error:  # whatever ends it, nothing half written stays
        with suppress(OSError):
            os.unlink(beside)
        if isinstance(error, OSError):
            raise PratiqueError(f"{path}: cannot be written: {error.strerror}") from error
        raise
