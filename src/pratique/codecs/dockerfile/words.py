"""Words of a line as Dockerfiles and shells quote them."""

from __future__ import annotations

import re

from msgspec import Struct

_PIECE = re.compile(
    # single quotes; double quotes; ${…}; an escape; anything that is no space. What does not end is
    # taken as it stands.
    r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\$\{[^}\s]{0,1000}\}|\\.|[^\s\\]|\\",
    re.DOTALL,
)
_QUOTED = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|\\(.)", re.DOTALL)
_PLAIN = re.compile(r"[^\s;&|()<>'\"`\\$}]+")
_ENDS = frozenset(" \t\r\n;&|()<>")
_PROCESS = ("<(", ">(")
_ESCAPED = re.compile(r"\\([\"\\$`])|\\\n")


class Word(Struct, frozen=True, gc=False):
    """A word, and where it stands in the text that it was read from."""

    text: str
    """Without its quotes."""
    start: int
    end: int
    quoted: bool = False
    """Whether anything of it was quoted or escaped: its characters are not where they seem."""


def words(text: str, at: int = 0, *, keep_quotes: bool = False) -> list[Word]:
    """Return the words of a text, separated by space; offsets count from the text's start."""
    found: list[Word] = []
    start = at
    while at < len(text):
        match = _PIECE.match(text, at)
        if match and match.end() > match.start():
            at = match.end()
            continue
        if at > start:
            found.append(_word(text[start:at], start, keep_quotes=keep_quotes))
        at += 1
        start = at
    if at > start:
        found.append(_word(text[start:at], start, keep_quotes=keep_quotes))
    return found


def is_whole(text: str, at: int = 0) -> bool:
    """Tell whether every quote and `${` of a text ends."""
    return all(
        match[0] not in ("'", '"') and not (match[0] == "$" and text.startswith("{", match.end()))
        for match in _PIECE.finditer(text, at)
    )


def _word(raw: str, start: int, *, keep_quotes: bool) -> Word:
    plain = raw if keep_quotes else unquoted(raw)
    return Word(plain, start, start + len(raw), plain != raw)


def unquoted(text: str) -> str:
    """Return a word without quotes and escapes; variables stay as they are."""
    return _QUOTED.sub(_inner, text) if "'" in text or '"' in text or "\\" in text else text


def _inner(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    if match[2] is not None:
        return _ESCAPED.sub(lambda m: m[1] or "", match[2])
    return "" if match[3] == "\n" else match[3]


def extent(text: str, at: int) -> tuple[int, list[tuple[int, int]]]:
    """Return where a word of a shell ends, and where the outer substitutions in it are."""
    first = at
    closing: list[str] = []
    opened: list[int] = []
    inner: list[tuple[int, int]] = []
    while at < len(text):
        char, top = text[at], closing[-1] if closing else ""
        if match := _PLAIN.match(text, at):
            at = match.end()
        elif char == top:
            closing.pop()
            start = opened.pop()
            if start and not any(opened):
                inner.append((start, at))
            at += 1
        elif not closing and at > first and char in _ENDS and not text.startswith(_PROCESS, at):
            break
        else:
            at, close, start = _opening(text, at, top)
            if close:
                closing.append(close)
                opened.append(start)
    return min(at, len(text)), inner


def _opening(text: str, at: int, top: str) -> tuple[int, str, int]:
    """Return where to go on, and what closes what begins here, with where a substitution begins."""
    char = text[at]
    if char == "\\" or (char == "'" and top != '"'):
        end = text.find("'", at + 1) if char == "'" else at + 1
        return (len(text) if end < 0 else end + 1), "", 0
    if text.startswith("$(", at) or (text.startswith(_PROCESS, at) and top != '"'):
        return at + 2, ")", at + 2
    if text.startswith("${", at):
        return at + 2, "}", 0
    if char in ('"', "`"):
        return at + 1, char, at + 1 if char == "`" else 0
    return at + 1, ")" if char == "(" and top == ")" else "", 0
