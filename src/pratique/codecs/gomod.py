"""The lines of a go.mod file (go.dev/ref/mod#go-mod-file), and where Go keeps those of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

CACHE = "~/go/pkg/mod/cache/download/"
"""For `File.other`: what Go has fetched (go.dev/ref/mod#module-cache)."""
_TOKEN = re.compile(r'"[^"]*"|`[^`]*`|=>|[()]|//.*|[^\s()"`]+')
_INDIRECT = re.compile(r"//\s*indirect\b")
_UPPER = re.compile(r"[A-Z]")


class Line(Struct, gc=False):
    number: int
    verb: str
    words: list[str]
    comment: str

    @property
    def is_indirect(self) -> bool:
        """Whether a requirement is of what another module needs."""
        return _INDIRECT.match(self.comment) is not None


def lines(text: str) -> Iterator[Line]:
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
            yield Line(number, verb, [word.strip('"`') for word in rest], comment)


def cached(name: str, version: str) -> str:
    """Return where the go.mod of a module is once Go has fetched it."""
    escaped = _UPPER.sub(lambda match: "!" + match[0].lower(), f"{name}/@v/{version}")
    return f"{CACHE}{escaped}.mod"


def needs(data: bytes) -> Iterator[str]:
    """Yield the modules that a module's go.mod requires for its own packages."""
    for line in lines(data.decode("utf-8", "replace")):
        if line.verb == "require" and line.words and not line.is_indirect:
            yield line.words[0]
