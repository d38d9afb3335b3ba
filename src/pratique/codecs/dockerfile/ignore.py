"""`.dockerignore`: which files of the context a build sees.

https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct


class Rule(Struct, frozen=True, gc=False):
    line: int
    keeps: bool
    """`!pattern`: what it matches is part of the context after all."""
    pattern: re.Pattern[str]


class Ignore(Struct, frozen=True):
    """The rules of one file; the last that matches counts."""

    path: str
    rules: tuple[Rule, ...]

    def excludes(self, path: str) -> bool:
        """Tell whether a file of the context, or a folder that it is in, is left out."""
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        excluded = False
        for rule in self.rules:
            if rule.keeps == excluded and any(rule.pattern.fullmatch(one) for one in above):
                excluded = not rule.keeps
        return excluded


def read(path: str, text: str) -> Ignore:
    """Return the rules of a `.dockerignore`; a pattern that makes no sense matches nothing."""
    return Ignore(path, tuple(_rules(text.removeprefix("\ufeff").split("\n"))))


def _rules(lines: Iterable[str]) -> Iterable[Rule]:
    for number, line in enumerate(lines, 1):
        pattern = line.strip()
        if line.startswith("#") or not pattern:
            continue
        keeps = pattern.startswith("!")
        pattern = pattern.removeprefix("!").strip()
        parts = [part for part in pattern.split("/") if part not in ("", ".")]
        if ".." in parts or len(pattern) > 1000:
            continue
        yield Rule(number, keeps, re.compile(_regex(parts) if parts else ".*", re.DOTALL))


def _regex(parts: list[str]) -> str:
    found = ""
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if part == "**":
            found += ".*" if last else "(?:[^/]+/)*"
        else:
            found += "".join(_piece(one) for one in _PIECES.findall(part)) + "/" * (not last)
    return found


_PIECES = re.compile(r"\*+|\?|\[[^\]/]+\]|\\.|.", re.DOTALL)


def _piece(text: str) -> str:
    if text.startswith("*"):
        return "[^/]*"
    if text == "?":
        return "[^/]"
    if text.startswith("[") and len(text) > 2:
        negated = "^" * text.startswith("[^")
        return f"[{negated}{re.escape(text[1 + len(negated) : -1]).replace(chr(92) + '-', '-')}]"
    return re.escape(text.removeprefix("\\") or text)
