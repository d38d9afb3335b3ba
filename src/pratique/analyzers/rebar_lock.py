"""Erlang packages that rebar3 locked: rebar.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_TEXT = r'<<"([^"]{1,200})">>'
_ENTRY = re.compile(
    rf"\{{{_TEXT},\s{{0,99}}\{{pkg,\s*{_TEXT},\s*{_TEXT}[^}}]{{0,99}}\}},\s*(\d+)\}}"
)
_HASH = re.compile(rf'\{{{_TEXT},\s{{0,99}}<<"([0-9A-Fa-f]{{64}})">>\}}')
_OUTER = "pkg_hash_ext"


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of rebar3 (rebar3.org), Erlang terms, from version 1 on.

    The level tells what is asked for, 0; what comes from a repository has no version there.
    """
    text = file.read().decode("utf-8-sig", "replace")
    if not text.lstrip().startswith(("{", "[")):
        raise MalformedError("no lock file of rebar3", file.path)
    # the digest of the whole archive is the later one, of the outer checksum
    hashes = dict(_HASH.findall(text.partition(_OUTER)[2]))
    line, position = 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        yield Package(
            file.path, "rebar", "hex", match[2], match[3], line=line,
            relation="direct" if match[4] == "0" else "indirect",
            hashes=digests([hashes.get(match[1], "")]),
        )  # fmt: skip


rebar_lock = Analyzer("rebar", 1, ("rebar.lock",), _analyze, reads="locked")
