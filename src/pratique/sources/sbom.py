"""SBOMs in files, or at standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from msgspec.structs import replace

from pratique.codecs.dsse import Key, RefusedError, by_key, vouched
from pratique.codecs.sbom.inventories import Described, described
from pratique.codecs.sbom.reading import NoSbom, read
from pratique.errors import MalformedError, NotFound, SourceError
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem

_LIMIT = 512 << 20
_NAMED = 9


def read_sbom(path: str) -> list[Described]:
    """Return what an SBOM of any known format describes, from a file or, for `-`, from stdin.

    Raises NotFound, and MalformedError for what is no SBOM or has more than 512 MiB.
    """
    where = "standard input" if path == "-" else path
    data = _content(path, where)
    if len(data) > _LIMIT:
        raise MalformedError(f"larger than the limit of {_LIMIT >> 20} MiB for an SBOM", where)
    return described(read(data, where), where)


def read_attached(
    image: Image, attached: Iterable[tuple[str, bytes]], key: Key | None = None
) -> Inventory | None:
    """Return what the first SBOM of an image's attachments says that names a package.

    With a key only attestations of this image that it signed count: raises MalformedError where
    there are others and none of them. How far it was believed is a problem of the inventory.
    """
    broken: list[Problem] = []
    refused: list[str] = []
    digests = {known.rpartition("@")[2] for known in image.digests}
    for digest, data in attached:
        try:
            document = vouched(data, digests, by_key(key)).payload if key else data
            [found] = described(read(document, digest), digest, image)
        except NoSbom:
            continue
        except RefusedError as refusal:
            refused.append(f"{digest} {refusal.reason}")
            continue
        except MalformedError as error:
            broken.append(Problem(f"an attached SBOM cannot be read: {error.reason}", digest))
            continue
        if found.inventory.packages:
            known = "its signature verified" if key else "unverified"
            told = Problem(f"taken from an attached SBOM, {known}; no layer was read", digest)
            problems = (told, *broken, *found.inventory.problems)
            return replace(found.inventory, problems=problems)
    if refused:
        raise MalformedError(
            f"no attached SBOM is signed by that key: {'; '.join(refused[:_NAMED])}", image.name
        )
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
