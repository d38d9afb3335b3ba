"""SBOMs in files, or at standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from msgspec.structs import replace

from pratique.codecs.sbom.inventories import Described, described
from pratique.codecs.sbom.reading import NoSbom, read
from pratique.errors import MalformedError, NotFound, SourceError
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem

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


def read_attached(image: Image, attached: Iterable[tuple[str, bytes]]) -> Inventory | None:
    """Return what the first SBOM of an image's attachments says that names a package.

    That it was believed is a problem of the inventory: signatures are not verified here.
    """
    broken: list[Problem] = []
    for digest, data in attached:
        try:
            [found] = described(read(data, digest), digest, image)
        except NoSbom:
            continue
        except MalformedError as error:
            broken.append(Problem(f"an attached SBOM cannot be read: {error.reason}", digest))
            continue
        if found.inventory.packages:
            told = Problem("taken from an attached SBOM, unverified; no layer was read", digest)
            problems = (told, *broken, *found.inventory.problems)
            return replace(found.inventory, problems=problems)
    return None


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
