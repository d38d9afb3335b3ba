"""Read TOML documents into records, and tell on which lines their tables begin."""

from __future__ import annotations

import re
from typing import TypeVar

from msgspec import ValidationError, convert

from pratique.errors import MalformedError

T = TypeVar("T")
_LARGEST = 8 << 20
# tomllib takes the square of a key's parts, and no line that a tool writes has that many
_MANY_PARTS = r"(?m)^(?:[^.\n]*+\.){200}"
_TABLE = r"(?m)^\[\[?{}\]\]?[ \t\r]*$"


def decode(text: str, kind: type[T], where: str) -> T:
    """Decode a document (TOML 1.0) as a record; raise MalformedError where it is none."""
    if len(text) > _LARGEST or re.search(_MANY_PARTS, text):
        raise MalformedError("TOML that no tool writes: too large, or its keys are", where)
    # 5 ms to import, and few scans meet a file of it
    import tomllib  # noqa: PLC0415

    try:
        return convert(tomllib.loads(text), kind)
    # ValueError: TOMLDecodeError, and numbers too long for an int
    except (ValueError, ValidationError) as error:
        raise MalformedError(str(error), where) from error
    except RecursionError as error:
        raise MalformedError("TOML is nested too deeply", where) from error


def table_lines(text: str, name: str, count: int) -> list[int]:
    """Return the lines, from 1, of the headers `[[name]]`, one for each of `count` tables.

    Zeros where there is another number of them: then they are written in another way.
    """
    lines, line, position = [], 1, 0
    for match in re.finditer(_TABLE.format(re.escape(name)), text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.append(line)
    return lines if len(lines) == count else [0] * count
