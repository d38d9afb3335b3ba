"""What the tests of every version grammar ask of its keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

Key = Callable[[str], Any]


def relation(key: Key, one: str, other: str) -> str:
    """Return `<`, `=` or `>`, having asked for it in every way that there is."""
    first, second = key(one), key(other)
    answers = (first < second, first == second, first > second)
    assert sum(answers) == 1, (one, other, answers)
    assert (first <= second, first >= second) == (not answers[2], not answers[0]), (one, other)
    return "<=>"[answers.index(True)]


def ascend(key: Key, versions: str) -> None:
    """Assert that each of several versions comes before all that follow it."""
    for lower, higher in itertools.combinations(versions.split(), 2):
        assert relation(key, lower, higher) == "<", (lower, higher)
        assert relation(key, higher, lower) == ">", (higher, lower)


def agree(key: Key, versions: str) -> None:
    """Assert that several versions are equal."""
    for one, other in itertools.permutations(versions.split(), 2):
        assert relation(key, one, other) == "=", (one, other)


def hold(key: Key, table: str) -> None:
    """Assert the lines of a table: two versions with `<`, `=` or `>` between them."""
    for line in table.strip().splitlines():
        one, expected, other = line.split()
        assert relation(key, one, other) == expected, line


def is_total(key: Key, versions: Iterable[str]) -> None:
    """Assert that any three versions have one order."""
    keys = [key(version) for version in versions]
    for first, second, third in itertools.permutations(keys, 3):
        assert first == first  # noqa: PLR0124 - reflexive
        assert (first < second) == (second > first)
        if first <= second <= third:
            assert first <= third
        if first == second == third:
            assert first == third


def joined(*pieces: str, start: str = "", longest: int = 6) -> st.SearchStrategy[str]:
    """Make versions of such pieces, in any order."""
    return st.lists(st.sampled_from(pieces), max_size=longest).map(lambda p: start + "".join(p))
