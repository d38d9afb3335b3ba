"""Read JSON into values that know their lines."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from pratique.codecs.located_values import List, Map, Span, Value
from pratique.errors import MalformedError

_DEEPEST = 100
_BLANK = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_WORD = re.compile("true|false|null")


def read_json(text: str, where: str) -> list[Value]:
    """Return the values of a JSON text (RFC 8259), or of several of them in a row.

    Of a member that is there twice the last counts. Raises MalformedError with the line of what is
    no JSON, or nested more than 100 deep.
    """
    reader = _Reader(text, where)
    values = [reader.value(0)]
    while reader.skip() and isinstance(values[-1], Map | List):
        values.append(reader.value(0))
    if reader.at < len(text):
        raise reader.broken("something follows the end")
    return values


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._line_start = 0
        self.at = len("\ufeff") if text.startswith("\ufeff") else 0
        self.line = 1

    def broken(self, reason: str) -> MalformedError:
        return MalformedError(f"line {self.line}: {reason}", self._where)

    def skip(self) -> str:
        """Pass over blanks, counting lines; return the character after them."""
        match = _BLANK.match(self._text, self.at)
        end = match.end() if match else self.at
        if lines := self._text.count("\n", self.at, end):
            self.line += lines
            self._line_start = self._text.rindex("\n", self.at, end) + 1
        self.at = end
        return self._text[end : end + 1]

    def value(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise self.broken("nested too deeply")
        character = self.skip()
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._array(depth)
        if character == '"':
            return self._string()
        return self._scalar()

    def _object(self, depth: int) -> Map:
        found = Map(flow=True)
        found.start = self.line
        self.at += 1
        character = self.skip()
        found.column = self.at - self._line_start
        while character != "}":
            if character != '"':
                raise self.broken("a member's name in quotes is expected")
            start = self.line
            key = self._string()
            self._expect(":")
            found[key] = self.value(depth + 1)
            found.spans[key] = Span(start, self.line)
            character = self._next("}")
        found.end = self.line
        self.at += 1
        return found

    def _array(self, depth: int) -> List:
        found = List(flow=True)
        found.start = self.line
        self.at += 1
        character = self.skip()
        found.column = self.at - self._line_start
        while character != "]":
            start = self.line
            value = self.value(depth + 1)
            found.append(value)
            found.spans.append(Span(start, self.line))
            character = self._next("]")
        found.end = self.line
        self.at += 1
        return found

    def _next(self, closing: str) -> str:
        """Pass over a comma; return the character that begins the next member, or `closing`."""
        character = self.skip()
        if character == closing:
            return character
        if character != ",":
            raise self.broken(f"a comma or {closing} is expected")
        self.at += 1
        character = self.skip()
        if character == closing:
            raise self.broken(f"a comma stands before {closing}")
        return character

    def _expect(self, wanted: str) -> None:
        if self.skip() != wanted:
            raise self.broken(f"{wanted!r} is expected")
        self.at += 1

    def _string(self) -> str:
        try:
            value, self.at = scanstring(self._text, self.at + 1, True)
        except ValueError as error:
            raise self.broken(str(getattr(error, "msg", error))) from error
        return str(value)

    def _scalar(self) -> Value:
        if match := _WORD.match(self._text, self.at):
            self.at = match.end()
            return _WORDS[match[0]]
        if match := _NUMBER.match(self._text, self.at):
            self.at = match.end()
            number: Any = float(match[0]) if match[1] or match[2] else int(match[0])
            return number if isinstance(number, int | float) else None
        raise self.broken("a value is expected")
