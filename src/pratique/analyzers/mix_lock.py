"""Elixir and Erlang packages that Mix locked: mix.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, named
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ENTRY = re.compile(r'\s*"([^"]+)":\s*\{:hex,\s*:"?([\w.]+)"?,\s*"([^"]+)"(.*)')
_NEED = re.compile(r'\{:"?([\w.]+)"?,\s*"[^"]*",')
_OUTER = re.compile(r'"hexpm[^"]*",\s*"([0-9a-f]{64})"')


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Mix, an Elixir term with an entry a line.

    What comes from a repository has no version there, and is left out; mix.exs tells the rest.
    """
    text = file.read().decode("utf-8-sig", "replace")
    if not text.lstrip().startswith("%{"):
        raise MalformedError("no lock file of Mix", file.path)
    lines = enumerate(text.splitlines(), 1)
    entries = [(number, match) for number, line in lines if (match := _ENTRY.match(line))]
    known = by_name((match[2], match[3]) for _, match in entries)
    names = {match[1]: match[2] for _, match in entries}
    for number, match in entries:
        outer = _OUTER.search(match[4])
        needs = (names.get(need, need) for need in _NEED.findall(match[4]))
        yield Package(
            file.path, "hex", "hex", match[2], match[3], line=number,
            depends=named(needs, known), hashes=digests([outer[1] if outer else ""]),
        )  # fmt: skip


mix_lock = Analyzer("hex", 1, ("mix.lock",), _analyze, reads="locked")
