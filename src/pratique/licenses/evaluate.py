"""Judge an expression by its parts: of alternatives the mildest counts, else the strictest."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_WORD = re.compile(r"[()]|[^\s()]+")
_DEEPEST = 50
_OPERATORS = ("AND", "OR", "WITH", ")", "(")

T = TypeVar("T")


def evaluate(
    expression: str, leaf: Callable[[str], T], mildest: Callable[[list[T]], T],
    strictest: Callable[[list[T]], T],
) -> T:  # fmt: skip
    """Return what an expression comes to; one that is none is a leaf as a whole.

    A leaf is a licence, with its exception after WITH where it has one.
    """
    try:
        reader = _Reader(_WORD.findall(expression))
        found = reader.alternatives(leaf, mildest, strictest, 0)
        reader.end()
    except _NoExpressionError:
        return leaf(expression)
    return found


@lru_cache(maxsize=4096)
def leaves(expression: str) -> tuple[str, ...]:
    """Return the licences of an expression, each once."""
    found = evaluate(expression, lambda leaf: [leaf], _flat, _flat)
    return tuple(dict.fromkeys(found))


def _flat(parts: list[list[str]]) -> list[str]:
    return [leaf for part in parts for leaf in part]


class _NoExpressionError(Exception):
    pass


class _Reader:
    """The words of an expression and a place in them; OR binds weaker than AND."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def alternatives(
        self, leaf: Callable[[str], T], mildest: Callable[[list[T]], T],
        strictest: Callable[[list[T]], T], depth: int,
    ) -> T:  # fmt: skip
        if depth > _DEEPEST:
            raise _NoExpressionError
        choices = [self._joined(leaf, mildest, strictest, depth)]
        while self._next() == "OR":
            self._at += 1
            choices.append(self._joined(leaf, mildest, strictest, depth))
        return mildest(choices) if len(choices) > 1 else choices[0]

    def end(self) -> None:
        if self._next():
            raise _NoExpressionError

    def _joined(
        self, leaf: Callable[[str], T], mildest: Callable[[list[T]], T],
        strictest: Callable[[list[T]], T], depth: int,
    ) -> T:  # fmt: skip
        parts = []
        while True:
            if self._next() == "(":
                self._at += 1
                parts.append(self.alternatives(leaf, mildest, strictest, depth + 1))
                self._take(")")
            else:
                parts.append(leaf(self._license()))
            if self._next() != "AND":
                return strictest(parts) if len(parts) > 1 else parts[0]
            self._at += 1

    def _license(self) -> str:
        name = self._name()
        if self._next() == "WITH":
            self._at += 1
            name += f" WITH {self._name()}"
        return name

    def _name(self) -> str:
        word = self._next()
        if not word or word in _OPERATORS:
            raise _NoExpressionError
        self._at += 1
        return word

    def _take(self, word: str) -> None:
        if self._next() != word:
            raise _NoExpressionError
        self._at += 1

    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""


def conjuncts(expression: str) -> list[str]:
    """Return what is joined by AND at the top of an expression, outer parentheses taken off."""
    parts: list[list[str]] = [[]]
    depth = 0
    for word in _WORD.findall(expression):
        if word == "AND" and depth == 0:
            parts.append([])
            continue
        depth += {"(": 1, ")": -1}.get(word, 0)
        parts[-1].append(word)
    return [_joined(part) for part in parts if part]


def _joined(words: list[str]) -> str:
    if words[0] == "(" and words[-1] == ")" and _closes_last(words):
        words = words[1:-1]
    return re.sub(r"\( | \)", lambda match: match[0].strip(), " ".join(words))


def _closes_last(words: list[str]) -> bool:
    depth = 0
    for position, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0:
            return position == len(words) - 1
    return False
