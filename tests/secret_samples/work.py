"""Count what a backtracking matcher does: steps instead of seconds, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from re import IGNORECASE, _parser  # type: ignore[attr-defined]  # no public one takes them apart
from typing import Any

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_SPACE = b" \t\n\r\f\v"


class TooMuchError(Exception):
    """More steps than allowed."""


class Matcher:
    """Searches as `re` does, without its shortcuts, and counts each character that is looked at."""

    def __init__(self, pattern: str, most: int) -> None:
        self._tree = list(_parser.parse(pattern.encode()))
        self._most = most
        self._text = b""
        self.steps = 0

    def search(self, text: bytes) -> bool:
        self._text, self.steps = text, 0
        return any(
            next(self._sequence(self._tree, 0, at, 0), None) is not None for at in range(len(text))
        )

    def _sequence(self, nodes: Sequence[Any], number: int, at: int, flags: int) -> Iterator[int]:
        if number == len(nodes):
            yield at
            return
        for end in self._one(nodes[number], at, flags):
            yield from self._sequence(nodes, number + 1, end, flags)

    def _one(self, node: Any, at: int, flags: int) -> Iterator[int]:
        kind, value = str(node[0]), node[1]
        if kind == "BRANCH":
            for branch in value[1]:
                yield from self._sequence(list(branch), 0, at, flags)
        elif kind == "SUBPATTERN":
            yield from self._sequence(list(value[3]), 0, at, flags | value[1])
        elif kind in _REPEATS:
            yield from self._repeated(value, at, flags)
        elif kind == "AT":
            if at == 0 if "BEGINNING" in str(value) else at >= len(self._text) - 1:
                yield at
        elif self._is(node, at, flags):
            yield at + 1

    def _repeated(self, value: Any, at: int, flags: int) -> Iterator[int]:
        least, most, inner = value
        if len(inner) == 1 and str(inner[0][0]) in ("IN", "LITERAL", "NOT_LITERAL", "ANY"):
            count = 0
            while count < most and self._is(inner[0], at + count, flags):
                count += 1
            for length in range(count, least - 1, -1):
                self._step()
                yield at + length
        else:
            yield from self._group(list(inner), (least, most), at, flags)

    def _group(
        self, inner: list[Any], bounds: tuple[int, int], at: int, flags: int
    ) -> Iterator[int]:
        least, most = bounds
        if most:
            for end in self._sequence(inner, 0, at, flags):
                if end > at:
                    yield from self._group(inner, (max(0, least - 1), most - 1), end, flags)
        if not least:
            yield at

    def _is(self, node: Any, at: int, flags: int) -> bool:
        self._step()
        if at >= len(self._text):
            return False
        byte = self._text[at]
        cases = {byte, ord(chr(byte).swapcase())} if flags & IGNORECASE and byte < 128 else {byte}
        return any(_matches(str(node[0]), node[1], case) for case in cases)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooMuchError


def _matches(kind: str, value: Any, byte: int) -> bool:
    if kind == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return any(_matches(str(what), one, byte) for what, one in value[negated:]) != negated
    if kind == "RANGE":
        return bool(value[0] <= byte <= value[1])
    if kind == "CATEGORY":
        return (byte in _SPACE) == (
            "NOT" not in str(value)
        )  # of categories, patterns have \s alone
    return byte != 10 if kind == "ANY" else (byte == value) == (kind == "LITERAL")
