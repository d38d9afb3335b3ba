"""Go modules that a go.mod requires."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_TOKEN = re.compile(r'"[^"]*"|`[^`]*`|=>|[()]|//.*|[^\s()"`]+')
_INDIRECT = re.compile(r"//\s*indirect\b")


class _Line(Struct, gc=False):
    number: int
    verb: str
    words: list[str]
    comment: str


def _analyze(file: File) -> Iterator[Package]:
    """Read a go.mod file (go.dev/ref/mod#go-mod-file).

    Before Go 1.17 a go.mod does not name every indirect module; those are in go.sum beside it,
    which one file alone cannot tell: not done. The toolchain line is a lower bound, so that no
    `stdlib` is derived from it; a binary says what it was built with. Exclusions change what the
    go command selects before it writes go.mod, not what is written.
    """
    lines = list(_lines(file.read().decode("utf-8", "replace")))
    replaced = _replacements(lines)
    complete = True
    for line in lines:
        if line.verb == "module" and line.words:
            yield _package(file.path, line, line.words[0], "", "root")
        elif line.verb == "require":
            complete = complete and len(line.words) == 2
            yield from _required(file.path, line, replaced)
    if not complete or not any(line.verb == "module" and line.words for line in lines):
        raise MalformedError("go.mod without a module, or with a requirement cut short", file.path)


_Replacements = dict[tuple[str, str], tuple[str, str]]


def _required(path: str, line: _Line, replaced: _Replacements) -> Iterator[Package]:
    if len(line.words) != 2:
        return
    name, version = line.words
    new = replaced.get((name, version)) or replaced.get((name, "")) or (name, version)
    if new[1]:
        relation = "indirect" if _INDIRECT.match(line.comment) else "direct"
        yield _package(path, line, *new, relation)


def _package(path: str, line: _Line, name: str, version: str, relation: str) -> Package:
    return Package(path, "gomod", "golang", name, version, relation=relation, line=line.number)


def _replacements(lines: list[_Line]) -> _Replacements:
    """Map module and version, or any version as empty, to what stands in for it.

    A replacement without a version is a folder: the module's released code is not used then.
    """
    replaced: _Replacements = {}
    for line in lines:
        if line.verb == "replace" and "=>" in line.words:
            arrow = line.words.index("=>")
            old, new = line.words[:arrow], line.words[arrow + 1 :]
            if old and new:
                replaced[old[0], (*old, "")[1]] = new[0], (*new, "")[1]
    return replaced


def _lines(text: str) -> Iterator[_Line]:
    """Give each line with its verb, also where that is written once before a block."""
    block = ""
    for number, raw in enumerate(text.splitlines(), 1):
        words = _TOKEN.findall(raw)
        comment = words.pop() if words and words[-1].startswith("//") else ""
        if block and words[:1] == [")"]:
            block = ""
        elif len(words) == 2 and words[1] == "(":
            block = words[0]
        elif words:
            verb, rest = (block, words) if block else (words[0], words[1:])
            yield _Line(number, verb, [word.strip('"`') for word in rest], comment)


go_mod = Analyzer("gomod", 1, ("go.mod",), _analyze, reads="locked")
