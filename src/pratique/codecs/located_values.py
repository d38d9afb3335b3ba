"""Values that know their lines: what `located` reads YAML and JSON into."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple, Union

Value = Union["Map", "List", str, int, float, bool, None]


class Span(NamedTuple):
    """Lines from 1, both included."""

    start: int
    end: int


class Map(dict[str, Any]):
    """A mapping that knows its lines, and those of each key with its value."""

    __slots__ = ("column", "end", "flow", "spans", "start")

    def __init__(self, column: int = 0, flow: bool = False) -> None:  # noqa: FBT001, FBT002
        super().__init__()
        self.start = self.end = 0
        self.column = column
        """Where its keys begin, from 0: the indentation of a block mapping."""
        self.flow = flow
        """Whether it is written in braces."""
        self.spans: dict[str, Span] = {}


class List(list[Any]):
    """A list that knows its lines, and those of each item."""

    __slots__ = ("column", "end", "flow", "spans", "start")

    def __init__(self, column: int = 0, flow: bool = False) -> None:  # noqa: FBT001, FBT002
        super().__init__()
        self.start = self.end = 0
        self.column = column
        """Where its dashes are, from 0."""
        self.flow = flow
        """Whether it is written in brackets."""
        self.spans: list[Span] = []


_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*|0)\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?\Z")
_MOST_DIGITS = 300
"""Longer ones stay texts: turning them into numbers takes quadratic time."""


def resolved(text: str, tag: str = "") -> bool | int | float | str | None:
    """Return what a plain scalar stands for by its look, or as a `!!str` the text itself."""
    if tag.rpartition(":")[2] in ("str", "binary") or tag == "!":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or len(text) > _MOST_DIGITS:
        return text
    return _number(text)


def _number(text: str) -> int | float | str:
    if _INTEGER.match(text):
        digits = text.replace("_", "")
        sign = -1 if digits[0] == "-" else 1
        digits = digits.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
            digits = f"0o{digits}"  # YAML 1.1: 0755 is octal
        try:
            return sign * int(digits, 0)
        except ValueError:
            return text
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text
