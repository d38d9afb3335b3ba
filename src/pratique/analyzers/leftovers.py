"""What was left in an image, and the programs of note in it, told by the list of its paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pratique.codecs.leftovers import Found, of_path
from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Trace
from pratique.model.file import File

_MOST = 200
"""Traces of one kind and name in one layer that are kept: a cache may have 50,000 files."""

_MOST_OF_A_KIND = 5000


def _analyze(file: File) -> Iterator[Trace]:
    """Yield a trace for each file, so that it goes when a later layer deletes just these files."""
    kept: Counter[Found] = Counter()
    kinds: Counter[str] = Counter()
    for path in file.read().split(b"\n"):
        found = of_path(path)
        if found is not None and kept[found] < _MOST and kinds[found.what] < _MOST_OF_A_KIND:
            kept[found] += 1
            kinds[found.what] += 1
            yield Trace(path.decode("utf-8", "replace"), found.what, found.detail)


leftovers = Analyzer("leftovers", 1, ("<paths>",), _analyze, scanner="misconfig")
