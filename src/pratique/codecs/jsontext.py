"""Read JSON documents into records, and tell on which line one of their members stands."""

from __future__ import annotations

import re
from collections import deque
from typing import TypeVar

from msgspec import DecodeError
from msgspec.json import Decoder

from pratique.errors import MalformedError

T = TypeVar("T")
_BOM = b"\xef\xbb\xbf"
# a JSON string cannot hold a raw line break, so what stands at the start of a line is a member
_OBJECT = re.compile(rb'^[ \t]*+"([^"\\\n]++)"[ \t]*+:[ \t]*+\{', re.MULTILINE)


def decode(data: bytes, decoder: Decoder[T], where: str) -> T:
    """Decode a document (RFC 8259) as the record of a decoder; a byte order mark is let through.

    Invalid UTF-8 is replaced, as most readers of such files do.
    """
    text = data.removeprefix(_BOM)
    try:
        return _decode(text, decoder)
    except (DecodeError, UnicodeError) as error:
        raise MalformedError(str(error), where) from error
    except RecursionError as error:
        raise MalformedError("JSON is nested too deeply", where) from error


def _decode(text: bytes, decoder: Decoder[T]) -> T:
    try:
        return decoder.decode(text)
    except UnicodeDecodeError:
        return decoder.decode(text.decode("utf-8", "replace").encode())


def object_lines(data: bytes) -> dict[str, deque[int]]:
    """Map the name of each member that is an object to the lines, from 1, where it opens.

    Only members at the start of a line are found: a document on one line has no lines to tell.
    """
    return _lines(_OBJECT, data)


def value_lines(data: bytes, member: str) -> dict[str, deque[int]]:
    """Map the strings that are values of members of one name to the lines where they stand."""
    name = re.escape(member.encode())
    pattern = rb'^[ \t]*+"%b"[ \t]*+:[ \t]*+"([^"\\\n]++)"' % name
    return _lines(re.compile(pattern, re.MULTILINE), data)


def next_line(lines: dict[str, deque[int]], name: str) -> int:
    """Take the next line of a member, for those who visit members in the document's order."""
    found = lines.get(name)
    return found.popleft() if found else 0


def _lines(pattern: re.Pattern[bytes], data: bytes) -> dict[str, deque[int]]:
    lines: dict[str, deque[int]] = {}
    line, position = 1, 0
    for match in pattern.finditer(data):
        line += data.count(b"\n", position, match.start())
        position = match.start()
        lines.setdefault(match[1].decode("utf-8", "replace"), deque()).append(line)
    return lines
