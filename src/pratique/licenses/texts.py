"""Tell licences by their texts: which of SPDX's texts a text holds, whole or nearly so.

`texts.bin` holds, of each text of SPDX's licence list, hashes of a sample of its runs of words and
of those that tell it from its nearest relatives. `scripts/license_texts.py` writes it.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from msgspec import Struct, msgpack

from pratique.licenses.words import grams, words

THRESHOLD = 0.75
"""The share of a licence's runs of words that must be there; short ones must be whole."""
_SHORT, _SHORT_THRESHOLD = 14, 0.95
_FURTHER = 0.88
"""The share of a further licence that must be there."""
_NEW, _APART, _OWN = 0.35, 0.8, 0.1
"""And that must not be explained by others; or so much in another place, of it so much new."""
_MISSING = 3
"""How much more what is missing counts than what is there, where relatives are compared."""
_LONGEST = 2_000_000  # characters that are looked at
_MOST = 24  # licences of one text


class Template(Struct, frozen=True, array_like=True):
    """One text of SPDX's list."""

    id: str
    size: int
    """Different runs of words in it."""
    modulus: int
    """Of its hashes, those that this divides are kept, and some more."""
    is_header: bool
    """A notice at the head of source files; it counts where the licence itself is not found."""
    total: int = 0
    """Weight of all that is kept."""


class Table(Struct, frozen=True, array_like=True):
    templates: tuple[Template, ...]
    groups: tuple[tuple[int, ...], ...]
    """Sets of templates that share hashes."""
    hashes: bytes
    """Unsigned 32-bit little-endian, ascending."""
    group: bytes
    """The group of each hash, 16-bit little-endian."""


class Match(Struct, frozen=True):
    """A licence that a text holds."""

    id: str
    confidence: float
    """The share of its text that is there, 0 to 1."""
    is_header: bool
    share: float
    """How much of the whole text it explains, 0 to 1."""


_TABLE = msgpack.Decoder(Table)


def identify(text: str) -> tuple[Match, ...]:
    """Return the licences whose texts are in a text, the one that explains most of it first.

    Nothing is found where there is none; what is cut, or longer than 2 million characters, is told
    by what is left.
    """
    return _identified(tuple(words(text[:_LONGEST])))


@lru_cache(maxsize=512)
def _identified(found: tuple[str, ...]) -> tuple[Match, ...]:
    hashes = grams(list(found))
    table, groups = _table()
    known = table.keys() & set(hashes)
    found_in: dict[int, list[int]] = {}
    for value in known:
        found_in.setdefault(table[value], []).append(value)
    candidates = _candidates({groups[group]: values for group, values in found_in.items()})
    if not candidates:
        return ()
    places: dict[int, list[int]] = {}
    for at, value in enumerate(hashes):
        if value in known:
            places.setdefault(value, []).append(at)
    return tuple(_chosen(candidates, places, len(hashes)))


def _candidates(hits: dict[tuple[int, ...], list[int]]) -> dict[int, tuple[float, list[int]]]:
    """Return the templates that are there nearly whole, with their share and their hits.

    Hits are given by the templates that share them: most are shared by many.
    """
    templates = _templates()
    weights: dict[int, int] = {}
    get, whole = weights.get, _whole()
    for sharing, values in hits.items():
        count = len(values)
        for index in sharing:
            there = count if whole[index] else _weight_of(templates[index], values)
            weights[index] = get(index, 0) + there
    found: dict[int, tuple[float, list[int]]] = {}
    for index, there in weights.items():
        template = templates[index]
        needed = _SHORT_THRESHOLD if template.size < _SHORT else THRESHOLD
        if there >= needed * template.total:
            found[index] = there / template.total, []
    for sharing, values in hits.items():
        for index in found.keys() & sharing:
            found[index][1].extend(values)
    return found


@cache
def _whole() -> list[bool]:
    """Return which templates have every one of their hashes in the table."""
    return [template.modulus == 1 for template in _templates()]


def _weight_of(template: Template, values: Iterable[int]) -> int:
    return sum(weight(template, value) for value in values)


def _chosen(
    found: dict[int, tuple[float, list[int]]], places: dict[int, list[int]], size: int
) -> Iterator[Match]:
    """Yield the best template, then those that explain another part of the text."""
    templates = _templates()
    explained: list[tuple[int, int]] = []
    used: set[int] = set()
    families: set[str] = set()
    ranked = sorted(
        found,
        key=lambda i: (
            -templates[i].size * (1 - _MISSING * (1 - found[i][0])),
            templates[i].id,
        ),
    )
    for index in ranked:
        template, (share, values) = templates[index], found[index]
        if used and not _is_further(template, share, values, used, places, explained):
            continue
        explained.append(_extent(template, values, places))
        used.update(values)
        if template.is_header and family(template.id) in families:
            continue
        families.add(family(template.id))
        yield Match(template.id, round(share, 3), template.is_header, template.size / size)
        if len(explained) == _MOST:
            return


def _is_further(
    template: Template, share: float, values: Sequence[int], used: set[int],
    places: dict[int, list[int]], explained: Sequence[tuple[int, int]],
) -> bool:  # fmt: skip
    """Tell whether a template explains what those before it do not."""
    # most share their words with one that is chosen: places need not be looked at to know that
    most_new = _weight_of(template, (v for v in values if v not in used)) / template.total
    if template.size < _SHORT:
        if most_new < share:
            return False
    elif share < _FURTHER or most_new < min(_NEW, _OWN):
        return False
    apart = [value for value in values if _is_left(places[value], explained)]
    new = [value for value in apart if value not in used]
    apart_share, new_share = (_weight_of(template, some) / template.total for some in (apart, new))
    if template.size < _SHORT:
        return new_share >= share
    return share >= _FURTHER and (
        new_share >= _NEW or (apart_share >= _APART and new_share >= _OWN)
    )


def _is_left(places: Iterable[int], explained: Sequence[tuple[int, int]]) -> bool:
    return any(all(at < first or at > last for first, last in explained) for at in places)


def _extent(
    template: Template, values: Iterable[int], places: dict[int, list[int]]
) -> tuple[int, int]:
    """Return the first and the last place of the part of the text that a template explains.

    That is the stretch of about its length in which most of its hits are.
    """
    hits = sorted(at for value in values for at in places[value])
    longest = template.size * 3 // 2 + 30
    best = end = 0
    extent = hits[0], hits[0]
    for start, first in enumerate(hits):
        while end < len(hits) and hits[end] - first <= longest:
            end += 1
        if end - start > best:
            best, extent = end - start, (first, hits[end - 1])
    return extent


def family(id: str) -> str:
    """Return what a licence and the notice that refers to it share: GPL-2.0, LGPL-2.1."""
    return id.removesuffix("-only").removesuffix("-or-later")


def weight(template: Template, value: int) -> int:
    """Return for how many runs of words a hash that is kept stands."""
    return 1 if value % template.modulus else template.modulus


@cache
def _read() -> Table:
    import zstandard  # noqa: PLC0415 - where there is a text to tell

    with open(os.path.join(os.path.dirname(__file__), "texts.bin"), "rb") as file:
        return _TABLE.decode(zstandard.ZstdDecompressor().decompress(file.read()))


@cache
def _table() -> tuple[dict[int, int], Sequence[tuple[int, ...]]]:
    table = _read()
    hashes, group = array("I", table.hashes), array("H", table.group)
    return dict(zip(hashes, group, strict=True)), table.groups


@cache
def _templates() -> tuple[Template, ...]:
    return _read().templates
