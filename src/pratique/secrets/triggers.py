"""Tell where in a block of bytes a rule may match: by hyperscan, or by `re` where there is none.

Both answer with the same places as far as it matters: whoever asks looks around each of them with
the rule's own pattern, wider than the two can differ.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Protocol

from pratique.cache import Cache
from pratique.secrets import patterns

Place = tuple[int, int]
"""The number of an expression, and where a match of it ends."""


Make = Callable[[], Mapping[int, str]]
"""Gives the expressions by their numbers."""


class Triggers(Protocol):
    """Expressions that are looked for at once; may be used by several threads."""

    def places(self, block: bytes | memoryview, most: int) -> list[Place]:
        """Return the places in a block, no more than `most`; with that many there may be others."""


def triggers(make: Make, cache: Cache, key: str) -> Triggers:
    """Return the quickest way to look for expressions that there is on this machine.

    What hyperscan compiles is kept in the cache, for its version and the expressions' key; they are
    made only where it is not there.
    """
    try:
        import hyperscan  # noqa: PLC0415 - 12 ms, and only where a layer is read
    except ImportError:
        return Slow(make())
    try:
        return Fast(hyperscan, make, cache, key)
    except hyperscan.error:  # a processor without SSE 4.2
        return Slow(make())


class Slow:
    """Looks for one expression after the other."""

    def __init__(self, expressions: Mapping[int, str]) -> None:
        self._patterns = [
            (number, re.compile(one.encode()), patterns.texts(one))
            for number, one in expressions.items()
        ]

    def places(self, block: bytes | memoryview, most: int) -> list[Place]:
        found: list[Place] = []
        lowered = bytes(block).lower()  # to pass over most patterns by a text that they need
        for number, pattern, texts in self._patterns:
            if texts and not any(text in lowered for text in texts):
                continue
            for match in pattern.finditer(block):
                found.append((number, match.end()))
                if len(found) >= most:
                    return found
        return found


class Fast:
    """Looks for all expressions in one pass, without Python's lock."""

    def __init__(self, library: ModuleType, make: Make, cache: Cache, key: str) -> None:
        self._library = library
        self._database, refused = _database(library, make, cache, key)
        self._others = Slow({n: make()[n] for n in refused}) if refused else None
        self._of_thread = threading.local()
        library.Scratch(self._database)

    def places(self, block: bytes | memoryview, most: int) -> list[Place]:
        found: list[Place] = []
        scratch = getattr(self._of_thread, "scratch", None)
        if scratch is None:
            scratch = self._of_thread.scratch = self._library.Scratch(self._database)

        def note(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            found.append((number, end))
            return len(found) >= most

        try:
            self._database.scan(block, match_event_handler=note, scratch=scratch)
        except self._library.ScanTerminated:
            return found
        return found + self._others.places(block, most - len(found)) if self._others else found


def _database(library: Any, make: Make, cache: Cache, key: str) -> tuple[Any, Sequence[int]]:
    """Return the compiled expressions, and the numbers of those that hyperscan does not take."""
    key = f"hyperscan {library.__version__} {key}"
    if kept := cache.get(key):
        count = int.from_bytes(kept[:4], "big")
        refused = [int.from_bytes(kept[4 * n : 4 * n + 4], "big") for n in range(1, count + 1)]
        try:
            return library.loadb(kept[4 * count + 4 :], library.HS_MODE_BLOCK), refused
        except library.error:  # of another machine that shares the folder
            pass
    expressions, refused = make(), []
    try:
        database = _compiled(library, expressions)
    except library.error:
        refused = [n for n, one in expressions.items() if not _is_taken(library, one)]
        taken = {n: one for n, one in expressions.items() if n not in refused}
        database = _compiled(library, taken)
    numbers = b"".join(n.to_bytes(4, "big") for n in (len(refused), *refused))
    cache.put(key, numbers + library.dumpb(database))
    return database, refused


def _is_taken(library: Any, expression: str) -> bool:
    try:
        _compiled(library, {0: expression})
    except library.error:
        return False
    return True


def _compiled(library: Any, expressions: Mapping[int, str]) -> Any:
    database = library.Database(mode=library.HS_MODE_BLOCK)
    encoded = [one.encode() for one in expressions.values()]
    database.compile(expressions=encoded, ids=list(expressions), elements=len(encoded))
    return database
