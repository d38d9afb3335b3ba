"""Find the lines that a comment is about: an instruction, an object, an entry of a list."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

_HEREDOC = re.compile(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_ESCAPE = re.compile(r"#\s*escape\s*=\s*([\\`])\s*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"(---|\.\.\.)(\s|$)")


class Block(Struct, frozen=True):
    """Lines, from 1, both included."""

    start: int
    end: int


class Blocks:
    """The blocks of one file, all found by one walk when the first is asked for."""

    def __init__(self, lines: Sequence[str], kind: str) -> None:
        self._lines = lines
        self._kind = kind

    def is_head(self, at: int) -> bool:
        """Tell whether a line is among the comments above all else in the file."""
        return at < self._first

    def whole(self) -> Block:
        return Block(1, len(self._lines))

    def at(self, line: int) -> Block:
        """Return what a comment is about: what is on its line, or the next below it."""
        blocks = self._blocks
        if self._kind == "dockerfile":
            index = bisect_left(blocks, line, key=lambda block: block.end)
        else:
            index = bisect_left(blocks, line, key=lambda block: block.start)
        return blocks[index] if index < len(blocks) else Block(line, line)

    def document(self, line: int) -> Block:
        """Return the YAML document that a line is in."""
        separators = self._separators
        index = bisect_right(separators, line)
        start = separators[index - 1] + 1 if index else 1
        end = separators[index] - 1 if index < len(separators) else len(self._lines)
        return Block(start, end)

    @cached_property
    def _first(self) -> int:
        every = enumerate(self._lines, 1)
        return next((n for n, line in every if not _is_blank(line)), len(self._lines) + 1)

    @cached_property
    def _separators(self) -> list[int]:
        return [n for n, line in enumerate(self._lines, 1) if _SEPARATOR.match(line)]

    @cached_property
    def _blocks(self) -> list[Block]:
        """In the order of their first lines."""
        if self._kind == "dockerfile":
            return list(_instructions(self._lines))
        return _entries(self._lines)


def _is_comment(line: str) -> bool:
    text = line.lstrip()
    return not text or text.startswith(("#", "//"))


def _is_blank(line: str) -> bool:
    return _is_comment(line) or _SEPARATOR.match(line) is not None


def _instructions(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the instructions of a Dockerfile, with their continuation lines and here-documents."""
    escape = next((m[1] for line in lines[:5] if (m := _ESCAPE.match(line.strip()))), "\\")
    number = 1
    while number <= len(lines):
        if not _is_comment(lines[number - 1]):
            end = _end_of_instruction(lines, number, escape)
            yield Block(number, end)
            number = end
        number += 1


def _end_of_instruction(lines: Sequence[str], number: int, escape: str) -> int:
    waiting: list[str] = []
    while number <= len(lines):
        line = lines[number - 1]
        if not _is_comment(line):
            waiting += [match[1] for match in _HEREDOC.findall(line)]
            if not line.rstrip().endswith(escape):
                break
        number += 1
    for word in waiting:
        while number < len(lines) and lines[number].strip() != word:
            number += 1
        number += 1
    return min(number, len(lines))


class _Entry(Struct):
    """A line of YAML, and the last line that is indented below it."""

    start: int
    indent: int
    is_item: bool
    end: int = 0


def _entries(lines: Sequence[str]) -> list[Block]:
    """Return each line of YAML that is no comment, with all that is indented below it.

    The first line of a document stands for all of it.
    """
    found: list[_Entry] = []
    for document in _documents(lines):
        parents: list[_Entry] = []
        for before, one in zip([None, *document], document, strict=False):
            while parents and not _is_inside(one, parents[-1]):
                parents.pop().end = before.start if before else 0
            parents.append(one)
        for one in (document[0], *parents):
            one.end = document[-1].start
        found += document
    return [Block(one.start, one.end) for one in found]


def _documents(lines: Sequence[str]) -> Iterator[list[_Entry]]:
    """Yield the lines of each document that are no comments."""
    document: list[_Entry] = []
    for number, line in enumerate(lines, 1):
        if _SEPARATOR.match(line):
            if document:
                yield document
            document = []
        elif not _is_comment(line):
            text = line.lstrip()
            is_item = text.startswith("- ") or text.rstrip() == "-"
            document.append(_Entry(number, len(line) - len(text), is_item))
    if document:
        yield document


def _is_inside(one: _Entry, parent: _Entry) -> bool:
    """Tell whether a line belongs to an entry; a list may be as far to the left as its key."""
    if one.indent > parent.indent:
        return True
    return one.indent == parent.indent and one.is_item and not parent.is_item
