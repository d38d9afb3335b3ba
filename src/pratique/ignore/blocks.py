"""Find the lines that a comment is about: an instruction, an object, an entry of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

_HEREDOC = re.compile(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_ESCAPE = re.compile(r"#\s*escape\s*=\s*([\\`])\s*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"(---|\.\.\.)(\s|$)")


class Block(Struct, frozen=True):
    """Lines, from 1, both included."""

    start: int
    end: int


def is_head(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is among the comments above all else in its file."""
    return all(_is_blank(line) for line in lines[:at])


def block_at(lines: Sequence[str], at: int, kind: str) -> Block:
    """Return what a comment on line `at` is about: what is on that line, or the next below it."""
    if kind == "dockerfile":
        return _instruction(lines, at)
    start = at
    while start <= len(lines) and _is_comment(lines[start - 1]):
        start += 1
    return _entry(lines, min(start, len(lines)))


def document_at(lines: Sequence[str], at: int) -> Block:
    """Return the YAML document that a line is in."""
    start, end = at, at
    while start > 1 and not _SEPARATOR.match(lines[start - 2]):
        start -= 1
    while end < len(lines) and not _SEPARATOR.match(lines[end]):
        end += 1
    return Block(start, end)


def _is_comment(line: str) -> bool:
    text = line.lstrip()
    return not text or text.startswith(("#", "//"))


def _is_blank(line: str) -> bool:
    return _is_comment(line) or _SEPARATOR.match(line) is not None


def _instruction(lines: Sequence[str], at: int) -> Block:
    """Return the Dockerfile instruction that has a line, or the next one."""
    escape = next((m[1] for line in lines[:5] if (m := _ESCAPE.match(line.strip()))), "\\")
    number = 1
    while number <= len(lines):
        if _is_comment(lines[number - 1]):
            number += 1
            continue
        end = _end_of_instruction(lines, number, escape)
        if end >= at:
            return Block(number, end)
        number = end + 1
    return Block(at, at)


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


def _entry(lines: Sequence[str], start: int) -> Block:
    """Return a YAML entry with all that is indented below it; a document from its first line."""
    if _is_first(lines, start):
        return Block(start, document_at(lines, start).end)
    first = lines[start - 1]
    indent = _indent(first)
    is_item = first.lstrip().startswith("-")
    end = start
    for number in range(start + 1, len(lines) + 1):
        line = lines[number - 1]
        if _is_comment(line):
            continue
        inside = _indent(line) > indent or (
            not is_item and _indent(line) == indent and line.lstrip().startswith("- ")
        )
        if not inside or _SEPARATOR.match(line):
            break
        end = number
    return Block(start, end)


def _is_first(lines: Sequence[str], start: int) -> bool:
    """Tell whether nothing but comments stands above a line in its document."""
    number = start - 1
    while number >= 1 and _is_comment(lines[number - 1]):
        number -= 1
    return number < 1 or _SEPARATOR.match(lines[number - 1]) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
