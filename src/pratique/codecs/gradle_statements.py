"""Cut a Gradle build script, Groovy or Kotlin, into statements with their strings and blocks.

A script is a program, and is not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<long>'{3}.*?(?:'{3}|\Z)|"{3}.*?(?:"{3}|\Z))
    |'(?P<single>(?:\\.|[^'\\\n])*+)'
    |"(?P<double>(?:\\.|\$\{[^{}\n]*+\}|[^"\\\n])*+)"
    |(?P<mark>[{}()\[\]\n;])""",
    re.DOTALL | re.VERBOSE,
)
_HEADER = re.compile(r"([\w.-]+)\s*(?:\([^{}]*\))?\s*\Z")
_CONTINUED = (",", "+", "=")
_NEAR = 400
"""So many characters before a string or a brace are looked at, so that no text takes long."""
_DEEPEST = 60


class Literal(Struct, frozen=True):
    """A string: where it begins between its quotes, and what is there."""

    start: int
    value: str

    @property
    def end(self) -> int:
        return self.start + len(self.value)


class Block(Struct):
    """What stands before a brace, the last word of that, and where its inside is."""

    name: str
    header: Statement
    start: int
    end: int = 0


class Statement(Struct):
    """Code between line ends, semicolons and braces."""

    blocks: tuple[Block, ...]
    start: int
    code: list[str]
    """Before the first string, between it and the next … after the last; without comments."""
    strings: list[Literal]
    end: int = 0

    @property
    def text(self) -> str:
        """The code, its strings empty."""
        return '""'.join(self.code)

    def before(self, index: int) -> str:
        """Return the code right before a string."""
        return self.code[index][-_NEAR:]

    @property
    def verb(self) -> str:
        found = re.match(r"\s*([\w.]+)", self.code[0])
        return found[1] if found else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the blocks that it is in, the outermost first."""
        return tuple(block.name for block in self.blocks)


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a script in the order in which they end; any text is one."""
    stack: list[tuple[Block, int]] = []
    now, depth, last = Statement((), 0, [""], []), 0, 0
    for token in _TOKEN.finditer(text):
        now.code[-1] += text[last : token.start()]
        last, mark = token.end(), token["mark"]
        if mark is None:
            _take(now, token)
            continue
        if mark in "()[]" or (mark == "\n" and (depth or _goes_on(now))):
            depth = max(depth + {"(": 1, "[": 1, ")": -1, "]": -1}.get(mark, 0), 0)
            now.code[-1] += mark
            continue
        now.end = token.start()
        yield now
        if mark == "{" and len(stack) < _DEEPEST:
            found = _HEADER.search(now.text[-_NEAR:])
            stack.append((Block(found[1] if found else "", now, last), depth))
            depth = 0
        elif mark == "}" and stack:
            block, depth = stack.pop()
            block.end = token.start()
        now = Statement(tuple(block for block, _ in stack), last, [""], [])
    now.code[-1] += text[last:]
    now.end = len(text)
    yield now


def blocks(text: str, *names: str) -> list[Block]:
    """Return the blocks that are named so, each in the one before; of the script's own level."""
    found: dict[int, Block] = {}
    for one in statements(text):
        if one.names[: len(names)] == names:
            block = one.blocks[len(names) - 1]
            found[block.start] = block
    return list(found.values())


def _take(now: Statement, token: re.Match[str]) -> None:
    """Add a string; a comment is nothing, and a text of several lines none that is looked at."""
    group = token.lastgroup or ""
    if group in ("single", "double"):
        now.strings.append(Literal(token.start(group), token[group]))
        now.code.append("")


def _goes_on(now: Statement) -> bool:
    return now.code[-1][-_NEAR:].rstrip().endswith(_CONTINUED)
