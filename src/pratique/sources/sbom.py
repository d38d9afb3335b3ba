"""SBOMs in files, or at standard input."""

from __future__ import annotations

import sys

from pratique.codecs.sbom.inventories import Described, described
from pratique.codecs.sbom.reading import read
from pratique.errors import MalformedError, NotFound, SourceError

_LIMIT = 512 << 20


def read_sbom(path: str) -> list[Described]:
    """Return what an SBOM of any known format describes, from a file or, for `-`, from stdin.

    Raises NotFound, and MalformedError for what is no SBOM or has more than 512 MiB.
    """
    where = "standard input" if path == "-" else path
    data = _content(path, where)
    if len(data) > _LIMIT:
        raise MalformedError(f"larger than the limit of {_LIMIT >> 20} MiB for an SBOM", where)
    return described(read(data, where), where)


def _content(path: str, where: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read(_LIMIT + 1)
        with open(path, "rb") as file:
            return file.read(_LIMIT + 1)
    except FileNotFoundError:
        raise NotFound(f"{where}: no such file") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{where}: cannot be read: {error}") from error
