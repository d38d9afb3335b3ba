"""What Homebrew installed: the receipt in each version's folder of its Cellar."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Source(Struct, gc=False):
    tap: object = None


class _Receipt(Struct, gc=False):
    source: _Source | None = None
    arch: object = None


_RECEIPT = Decoder(_Receipt)


def _analyze(file: File) -> Iterator[Package]:
    name, version = file.path.split("/")[-3:-1]
    if not name or not version:
        raise MalformedError("a receipt outside of NAME/VERSION", file.path)
    receipt = decode(file.read(), _RECEIPT, file.path)
    tap = receipt.source.tap if receipt.source else None
    arch = receipt.arch if isinstance(receipt.arch, str) else ""
    full = f"{tap}/{name}" if isinstance(tap, str) and tap else name
    yield Package(file.path, "homebrew", "brew", full, version, arch)


homebrew = Analyzer("homebrew", 1, ("Cellar/*/*/INSTALL_RECEIPT.json",), _analyze)
