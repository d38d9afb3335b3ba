"""Split a Dockerfile into instructions, as BuildKit's frontend does.

https://docs.docker.com/reference/dockerfile/: parser directives, comments, continuation lines,
    flags,
exec and shell forms, here-documents. Nothing is expanded here, so that every place keeps its line.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.dockerfile.words import Word, is_whole, unquoted, words
from pratique.errors import MalformedError

KNOWN = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
_EXEC = frozenset({"RUN", "CMD", "ENTRYPOINT", "SHELL", "ADD", "COPY", "VOLUME"})
_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})
_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC = re.compile(r"\d*<<(-?)([^<]*)")
_SPACE = " \t\r\v\f"
_NAME = re.compile(rf"[^{_SPACE}]+")
_FLAG = re.compile(rf"--[^{_SPACE}]*")
_SWAPPED = str.maketrans("\\`", "`\\")
_LONGEST = 1 << 20
"""Characters of a Dockerfile that are read; BuildKit itself refuses lines of 64 KiB."""

_MOST = 5000
"""Instructions of a Dockerfile, which no real one comes near."""


class Place(NamedTuple):
    """Where a character of an instruction stands in the file."""

    line: int
    column: int


class Heredoc(Struct, frozen=True, gc=False):
    """A here-document of an instruction."""

    name: str
    text: str
    """As it is; `<<-` takes leading tabs away only when it is run."""
    start: int
    """The first line of its text, from 1."""
    expand: bool
    """Whether variables in it are expanded: its name is not quoted."""


class Instruction(Struct, frozen=True, eq=False, gc=False):
    """One instruction, with its continuation lines joined."""

    name: str
    """In capitals."""
    text: str
    """All of it from its name on, as one line."""
    arguments: int
    """Where in `text` begins what follows the flags."""
    start: int
    """The first line, from 1."""
    end: int
    """The last line, here-documents included."""
    origins: tuple[tuple[int, int, int], ...]
    """(offset in `text`, line, column): where each joined piece of it comes from."""
    flags: tuple[tuple[str, str], ...] = ()
    """`--mount=type=cache` as ("mount", "type=cache"), in order."""
    exec: tuple[str, ...] | None = None
    """The strings of the JSON form, where it is that."""
    heredocs: tuple[Heredoc, ...] = ()
    onbuild: bool = False
    escape: str = "\\"

    @property
    def rest(self) -> str:
        """What follows the flags."""
        return self.text[self.arguments :]

    def flag(self, name: str) -> str:
        """Return the value of the first flag of a name; empty where there is none."""
        return next((value for key, value in self.flags if key == name), "")

    def words(self) -> list[Word]:
        """Return the arguments, quotes removed, whatever the form; offsets are those in `text`."""
        if self.exec is not None:
            at = self.arguments
            return [Word(text, at, at, True) for text in self.exec]
        if self.escape == "\\":
            return words(self.text, self.arguments)
        swapped = words(self.text.translate(_SWAPPED), self.arguments)
        return [replace(word, text=word.text.translate(_SWAPPED)) for word in swapped]

    def place(self, offset: int) -> Place:
        """Return where a character of `text` stands."""
        at = bisect_right(self.origins, offset, key=lambda origin: origin[0]) - 1
        start, line, column = self.origins[max(at, 0)]
        return Place(line, column + offset - start)


class Parsed(Struct, frozen=True):
    """A Dockerfile, split."""

    instructions: tuple[Instruction, ...]
    lines: tuple[str, ...]
    directives: dict[str, str]
    """Parser directives by name: syntax, escape, check."""


def parse(text: str) -> Parsed:
    """Return the instructions of a Dockerfile; raise MalformedError where BuildKit would not build.

    Whether arguments make sense is not judged, but for what no build could come of: an unknown
    instruction, a here-document without end, nothing at all.
    """
    if len(text) > _LONGEST:
        raise MalformedError(f"it has more than {_LONGEST} characters")
    lines = tuple(text.removeprefix("\ufeff").removesuffix("\n").split("\n"))
    directives, first = _directives(lines)
    escape = directives.get("escape", "\\")
    found = tuple(_instructions(lines, first, escape))
    if not found:
        raise MalformedError("it has no instructions")
    if len(found) > _MOST:
        raise MalformedError(f"it has more than {_MOST} instructions")
    return Parsed(found, lines, directives)


def _directives(lines: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """Return the parser directives at the top, and the first line after them."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = _DIRECTIVE.fullmatch(line.strip(_SPACE))
        name = match[1].lower() if match else ""
        if not match or name not in _DIRECTIVES:
            return found, number
        if name in found:
            raise MalformedError(f"line {number + 1}: only one directive {name!r} can be used")
        if name == "escape" and match[2] not in ("\\", "`"):
            raise MalformedError(f"line {number + 1}: the escape must be \\ or `, not {match[2]!r}")
        found[name] = match[2]
    return found, len(lines)


def _instructions(lines: tuple[str, ...], first: int, escape: str) -> Iterator[Instruction]:
    continued = re.compile(rf"(?:^|(?<=[^{re.escape(escape)}])){re.escape(escape)}[ \t]*$")
    number = first
    while number < len(lines):
        if _is_nothing(lines[number]):
            number += 1
            continue
        text, origins, after = _joined(lines, number, continued)
        made = replace(_instruction(text, origins, number + 1, after), escape=escape)
        heredocs, end = _heredocs(made, lines, after)
        if heredocs:
            made = replace(made, heredocs=heredocs, end=end)
        yield made
        number = end


def _is_nothing(line: str) -> bool:
    stripped = line.strip(_SPACE)
    return not stripped or stripped.startswith("#")


def _joined(
    lines: tuple[str, ...], number: int, continued: re.Pattern[str]
) -> tuple[str, tuple[tuple[int, int, int], ...], int]:
    """Return a line with those that continue it, where its pieces are from, and the line after."""
    parts: list[str] = []
    origins: list[tuple[int, int, int]] = []
    length = 0
    first = True
    while number < len(lines):
        line = lines[number].removesuffix("\r")
        number += 1
        if not first and _is_nothing(line):
            continue  # a comment or an empty line does not end what is continued
        column = len(line) - len(line.lstrip(_SPACE)) if first else 0
        first = False
        end = continued.search(line)
        piece = line[column : end.start() if end else None]
        origins.append((length, number, column))
        parts.append(piece)
        length += len(piece)
        if not end:
            break
    return "".join(parts).rstrip(_SPACE), tuple(origins), number


def _instruction(
    text: str, origins: tuple[tuple[int, int, int], ...], start: int, end: int
) -> Instruction:
    match = _NAME.match(text)
    name = match[0].upper() if match else ""
    at = match.end() if match else 0
    onbuild = name == "ONBUILD"
    if onbuild and (match := _NAME.match(text, _blank(text, at))):
        name, at = match[0].upper(), match.end()
    if name not in KNOWN:
        shown = (match[0] if match else text)[:40]
        raise MalformedError(f"line {start}: unknown instruction {shown!r}")
    flags, at = _flags(text, _blank(text, at))
    if at >= len(text) and name not in ("ONBUILD", "CMD", "ENTRYPOINT", "SHELL", "RUN"):
        raise MalformedError(f"line {start}: {name} needs an argument")
    listed = _listed(text[at:]) if name in _EXEC else None
    return Instruction(name, text, at, start, end, origins, flags, listed, (), onbuild)


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _flags(text: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the words in front that begin with `--`, and where the next begins."""
    found: list[tuple[str, str]] = []
    while match := _FLAG.match(text, at):
        at = _blank(text, match.end())
        if match[0] == "--":
            break
        key, _, value = match[0][2:].partition("=")
        found.append((key.lower(), unquoted(value)))
    return tuple(found), at


def _listed(text: str) -> tuple[str, ...] | None:
    """Return the strings of the JSON form; None for the shell form, as for broken JSON."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def _heredocs(
    made: Instruction, lines: tuple[str, ...], number: int
) -> tuple[tuple[Heredoc, ...], int]:
    """Return the here-documents that an instruction announces, and the line after the last."""
    if made.name not in _HEREDOCS or made.exec is not None or "<<" not in made.text:
        return (), number
    if not is_whole(made.text, made.arguments):
        return (), number
    found: list[Heredoc] = []
    for word in words(made.text, made.arguments, keep_quotes=True):
        match = _HEREDOC.fullmatch(word.text)
        name = unquoted(match[2]) if match else ""
        if not match or not name:
            continue
        start = number
        text, number = _until(lines, number, name, tabs=bool(match[1]))
        if number > len(lines):
            raise MalformedError(f"line {made.start}: the here-document {name!r} has no end")
        found.append(Heredoc(name, text, start + 1, name == match[2]))
    return tuple(found), number


def _until(lines: tuple[str, ...], number: int, name: str, *, tabs: bool) -> tuple[str, int]:
    kept: list[str] = []
    while number < len(lines):
        line = lines[number].removesuffix("\r")
        number += 1
        if (line.lstrip("\t") if tabs else line) == name:
            return "".join(part + "\n" for part in kept), number
        kept.append(line)
    return "", len(lines) + 1
