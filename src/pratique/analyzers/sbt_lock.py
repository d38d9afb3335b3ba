"""Scala and Java packages that an sbt build has locked with sbt-dependency-lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_AT_RUN_TIME = frozenset({"compile", "runtime"})
_DIGEST = re.compile(r"sha1:[0-9a-f]{40}")


class _Artifact(Struct):
    hash: str = ""


class _Dependency(Struct):
    org: str
    name: str
    version: str
    artifacts: list[_Artifact] = []
    configurations: list[str] = []


class _Lock(Struct):
    lockVersion: int  # noqa: N815 - the file's own name
    dependencies: list[_Dependency]


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file, version 1 (stringbean.github.io/sbt-dependency-lock, file formats).

    All that is needed is listed, without what needs it; what neither compiling nor running has is
    for development.
    """
    lock = decode(file.read(), _LOCK, file.path)
    if lock.lockVersion != 1:
        raise MalformedError(f"version {lock.lockVersion} of the format is not known", file.path)
    for one in lock.dependencies:
        hashes = [artifact.hash for artifact in one.artifacts]
        yield Package(
            file.path,
            "sbt",
            "maven",
            f"{one.org}:{one.name}",
            one.version,
            dev=bool(one.configurations) and _AT_RUN_TIME.isdisjoint(one.configurations),
            hashes=tuple(filter(_DIGEST.fullmatch, hashes)),
        )


sbt_lock = Analyzer("sbt", 1, ("*.sbt.lock",), _analyze, reads="locked")
