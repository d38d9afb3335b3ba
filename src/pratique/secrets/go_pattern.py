"""Translate a regular expression of Go (https://github.com/google/re2/wiki/Syntax) to one of `re`.

Rules that people wrote for Trivy are in Go's syntax. What `re` cannot say is refused.
"""

from __future__ import annotations

import re

from pratique.errors import MalformedError

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\x0b\f\r ", "upper": "A-Z", "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_ESCAPES = {"z": r"\Z", "a": r"\x07", "v": r"\x0b"}
_SAME = frozenset("dDsSwWbBAtnfr")
_TOKEN = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|$)|\\x\{(?P<code>[0-9A-Fa-f]{1,6})\}|\\x(?P<byte>[0-9A-Fa-f]{2})"
    r"|\\(?P<octal>[0-7]{1,3})|\\(?P<escaped>.)|\[(?P<not>\^?)(?P<first>\]?)|\(\?P?<(?P<name>\w+)>"
    r"|\(\?(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<scoped>[:)])|(?P<other>\(\?.?)"
    r"|\{(?P<least>\d+)(?P<most>,\d*)?\}|(?P<char>.)",
    re.DOTALL,
)


def translated(pattern: str, secret_group: str = "") -> str:
    """Return a pattern for bytes of UTF-8, the named group renamed to `secret`.

    Raises MalformedError with the reason where it is none of Go's, or cannot be said.
    """
    try:
        result = _Translation(pattern, secret_group).result()
        compiled = re.compile(result.encode())
    except (re.error, OverflowError, RecursionError) as error:
        raise MalformedError(f"{pattern!r} is no regular expression: {error}") from error
    if secret_group and "secret" not in compiled.groupindex:
        raise MalformedError(f"{pattern!r} has no group {secret_group!r}")
    return result


class _Translation:
    """Goes through a pattern once; knows how many groups of its own it has opened."""

    def __init__(self, pattern: str, secret_group: str) -> None:
        self._pattern = pattern
        self._secret = secret_group
        self._at = 0
        self._out: list[str] = []
        self._levels: list[list[str]] = [[]]
        """Of each open group, the flags that hold from some place on to its end."""
        self._repeated = False
        self._multiline = [False]

    def result(self) -> str:
        while self._at < len(self._pattern):
            match = _TOKEN.match(self._pattern, self._at)
            if match is None:
                raise MalformedError(f"{self._pattern!r} ends within an escape")
            self._at = match.end()
            self._one(match)
        return "".join(self._out) + ")" * len(self._levels[0])

    def _one(self, match: re.Match[str]) -> None:
        kind, text = match.lastgroup or "char", match[0]
        repeats = kind in ("least", "most") or text in ("*", "+")
        if repeats and self._repeated:
            raise MalformedError(f"{self._pattern!r}: a repeat of a repeat")
        self._repeated = repeats or (kind == "char" and text == "?")
        if kind in ("quoted", "code", "byte", "octal", "escaped"):
            self._out.append(self._escape(match))
        elif kind in ("not", "first"):
            self._out.append(self._class(match))
        elif kind == "name":
            self._open()
            name = "secret" if match["name"] == self._secret else match["name"]
            self._out.append(f"(?P<{name}>")
        elif kind == "scoped":
            self._flagged(match)
        elif kind == "other":
            raise MalformedError(f"{self._pattern!r}: {text} is not known to Go")
        elif kind in ("least", "most"):
            self._out.append(text)
        else:
            self._char(text)

    def _char(self, text: str) -> None:
        if text == "(":
            self._open()
        elif text == ")":
            if len(self._levels) == 1:
                raise MalformedError(f"{self._pattern!r}: a ) without its (")
            self._multiline.pop()
            text = ")" * (len(self._levels.pop()) + 1)
        elif text == "|":
            flags = self._levels[-1]
            text = ")" * len(flags) + "|" + "".join(f"(?{one}:" for one in flags)
        elif text == "$":
            text = "$" if self._multiline[-1] else r"\Z"
        elif text in "{}]":
            text = "\\" + text
        self._out.append(text if text.isascii() else f"(?:{text})")

    def _open(self) -> None:
        self._levels.append([])
        self._multiline.append(self._multiline[-1])

    def _flagged(self, match: re.Match[str]) -> None:
        """Write `(?i)` as a group around what it is for: `re` has flags at the start alone."""
        flags = match["flags"]
        if "U" in flags:
            raise MalformedError(f"{self._pattern!r}: the flag U is not supported")
        on, _, off = flags.partition("-")
        if match["scoped"] == ":":
            self._open()
        else:
            self._levels[-1].append(flags)
        self._multiline[-1] = (self._multiline[-1] or "m" in on) and "m" not in off
        self._out.append(f"(?{flags}:")

    def _escape(self, match: re.Match[str]) -> str:
        if (quoted := match["quoted"]) is not None:
            return re.escape(quoted)
        if match["code"] or match["octal"]:
            code = int(match["code"], 16) if match["code"] else int(match["octal"], 8)
            if match["octal"] and match["octal"][0] != "0" and len(match["octal"]) < 3:
                raise MalformedError(f"{self._pattern!r}: back-references are not known to Go")
            return "".join(f"\\x{byte:02x}" for byte in chr(min(code, 0x10FFFF)).encode())
        if match["byte"]:
            return match[0]
        letter = match["escaped"]
        if letter in "pPC" or (letter.isalpha() and letter not in _SAME and letter not in _ESCAPES):
            raise MalformedError(f"{self._pattern!r}: \\{letter} is not supported")
        return _ESCAPES.get(letter, match[0])

    def _class(self, match: re.Match[str]) -> str:
        """Return a class of characters, of which `[:alpha:]` may be a part."""
        out = ["[", match["not"] or "", r"\]" if match["first"] else ""]
        while self._at < len(self._pattern):
            rest = self._pattern[self._at :]
            if posix := re.match(r"\[:(\w+):\]", rest):
                if posix[1] not in _POSIX:
                    raise MalformedError(f"{self._pattern!r}: [:{posix[1]}:] is not known")
                out.append(_POSIX[posix[1]])
                self._at += posix.end()
                continue
            token = _TOKEN.match(rest) if rest[0] == "\\" else re.match(".", rest, re.DOTALL)
            if token is None:
                break
            self._at += token.end()
            if rest[0] == "]":
                return "".join([*out, "]"])
            out.append(self._in_class(token, rest[0]))
        raise MalformedError(f"{self._pattern!r}: a [ without its ]")

    def _in_class(self, token: re.Match[str], first: str) -> str:
        if first == "\\":
            return self._escape(token)
        if not first.isascii():
            raise MalformedError(f"{self._pattern!r}: {first!r} in a class is not supported")
        return "\\" + first if first in "[&|~" else first
