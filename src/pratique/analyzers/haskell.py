"""Haskell packages that Stack or Cabal locked: stack.yaml.lock, cabal.project.freeze."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import merged
from pratique.codecs.yamltext import items, mapping, read_mapping, text
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# `name-1.2.3@sha256:…,1234`, the digest of the description alone; @rev:1 is of a revision
_HACKAGE = r"([A-Za-z0-9][A-Za-z0-9-]*)-(\d+(?:\.\d+)*)(?:@.*)?"
_FROZEN = re.compile(
    r"(?:any\.|(?<![\w.-]))([A-Za-z0-9][A-Za-z0-9-]{0,99}) ==\s*(\d+(?:\.\d+)*)(?=[\s,]|$)"
)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Stack (docs.haskellstack.org) or a freeze file of Cabal.

    Stack's names what is not in the snapshot that it builds on.
    """
    found = _frozen if file.path.endswith(".freeze") else _stack
    yield from merged(found(file.read(), file.path))


def _stack(data: bytes, path: str) -> Iterator[Package]:
    for item in items(read_mapping(data, path).get("packages")):
        completed = mapping(mapping(item).get("completed"))
        match = re.fullmatch(_HACKAGE, text(completed.get("hackage")))
        name = match[1] if match else text(completed.get("name"))
        version = match[2] if match else text(completed.get("version"))
        if name and version:
            line = completed.lines["hackage" if match else "name"]
            hashes = digests([text(completed.get("sha256"))])
            yield Package(path, "haskell", "hackage", name, version, line=line, hashes=hashes)


def _frozen(data: bytes, path: str) -> Iterator[Package]:
    source = data.decode("utf-8-sig", "replace")
    if source.strip() and not re.search(r"(?m)^\s*[\w-]+:", source):
        raise MalformedError("no freeze file of Cabal", path)
    for number, line in enumerate(source.splitlines(), 1):
        for name, version in _FROZEN.findall(line.partition("--")[0]):
            yield Package(path, "haskell", "hackage", name, version, line=number)


haskell = Analyzer(
    "haskell", 1, ("stack.yaml.lock", "cabal.project.freeze"), _analyze, reads="locked"
)
