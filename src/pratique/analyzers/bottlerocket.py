"""Bottlerocket's inventory of the RPMs that its image was built from."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Application(Struct, gc=False, rename="pascal"):
    name: str = ""
    publisher: str = ""
    version: str = ""
    release: str = ""
    epoch: str | int = ""
    architecture: str = ""


class _Inventory(Struct, rename="pascal"):
    content: list[_Application] = []


_INVENTORY = Decoder(_Inventory)
_FOLDERS = ("", *(f"/{arch}-bottlerocket-linux-gnu/sys-root" for arch in ("x86_64", "aarch64")))


def _analyze(file: File) -> Iterator[Package]:
    """Yield the packages; one without name or version is an error, after all others."""
    broken = 0
    for entry in decode(file.read(), _INVENTORY, file.path).content:
        if not entry.name or not entry.version:
            broken += 1
            continue
        epoch = f"{entry.epoch}:" if str(entry.epoch) not in ("", "0") else ""
        release = f"-{entry.release}" if entry.release else ""
        yield Package(
            file.path, "bottlerocket-inventory", "rpm", entry.name,
            f"{epoch}{entry.version}{release}", entry.architecture,
            vendor=entry.publisher,
        )  # fmt: skip
    if broken:
        raise MalformedError(f"{broken} entries have no name or no version", file.path)


bottlerocket = Analyzer(
    "bottlerocket-inventory",
    1,
    tuple(f"{folder}/usr/share/bottlerocket/application-inventory.json" for folder in _FOLDERS),
    _analyze,
)
