"""Where an installed Python package came from, if from no index (PEP 610, direct_url.json)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import DecodeError, Struct, ValidationError, json

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Remark

_FILE = "direct_url.json"
_USER = re.compile(r"//[^/@]*@")
"""Credentials are to be left out of the file, and are not repeated where they were not."""


class _Repository(Struct):
    vcs: str = ""
    commit_id: str = ""


class _Folder(Struct):
    editable: bool = False


class _Archive(Struct):
    hashes: dict[str, str] = {}


class _Origin(Struct):
    url: str
    archive_info: _Archive | None = None
    vcs_info: _Repository | None = None
    dir_info: _Folder | None = None


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_DECODER = json.Decoder(_Origin)


def _analyze(file: File) -> Iterator[Remark]:
    try:
        origin = _DECODER.decode(file.read())
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no direct URL: {error}", file.path) from error
    metadata = file.path.removesuffix(_FILE) + "METADATA"
    yield Remark(file.path, metadata, f"installed from {_written(origin)}, not from an index")


def _written(origin: _Origin) -> str:
    url = _USER.sub("//", origin.url)
    if origin.vcs_info:
        return f"{origin.vcs_info.vcs}+{url}@{origin.vcs_info.commit_id}"
    if origin.archive_info and (digest := origin.archive_info.hashes.get("sha256")):
        return f"{url} (sha256:{digest})"
    editable = origin.dir_info and origin.dir_info.editable
    return f"{url} (editable)" if editable else url


python_origin = Analyzer("python-origin", 1, ("*.dist-info/" + _FILE,), _analyze)
