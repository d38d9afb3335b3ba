"""Conda packages that are installed: the records in an environment's conda-meta."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode
from pratique.codecs.licensetext import license_names
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Record(Struct, gc=False):
    name: str = ""
    version: str = ""
    subdir: str = ""
    license: object = None
    md5: object = None
    sha256: object = None


_RECORD = Decoder(_Record)


def _analyze(file: File) -> Iterator[Package]:
    """Read one record of conda's PrefixData: a package with its platform and digests."""
    record = decode(file.read(), _RECORD, file.path)
    if not record.name or not record.version:
        raise MalformedError("a record of conda without a name and a version", file.path)
    yield Package(
        file.path, "conda-pkg", "conda", record.name, record.version,
        licenses=license_names(record.license),
        hashes=digests(str(digest) for digest in (record.sha256, record.md5) if digest),
    )  # fmt: skip


conda_installed = Analyzer("conda-pkg", 1, ("conda-meta/*.json",), _analyze)
