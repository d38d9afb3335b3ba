"""Match paths by globs, each compiled when it is first asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

REGEX = "<regex>"
"""What follows it is a regular expression, found anywhere in a path."""


def compiled(glob: str) -> Callable[[str], object]:
    """Return a glob as a function of paths: `/x` from the root, `x` at any depth, `**` any path."""
    if glob.startswith(REGEX):
        return _regex(glob.removeprefix(REGEX)).search
    if not re.search(r"[*?\[]", glob):  # most: without the cost of compiling
        return _literal(glob)
    if not re.search(r"[*?\[/]", ending := glob[1:]) and glob.startswith("*"):
        return lambda path: path.endswith(ending)
    start = "" if glob.startswith("/") else "(?:.*/)?"
    body = "".join(
        "[^/]*" if part == "*" else ".*" if part == "**" else "[^/]" if part == "?" else part
        if part.startswith("[") else re.escape(part)
        for part in re.findall(r"\*\*|\*|\?|\[[^\]]+\]|[^*?\[]+", glob.removeprefix("/"))
    )  # fmt: skip
    # when it is first asked: 200 µs, and most are of files that an image does not hold
    return lambda path: _regex(start + body).fullmatch(path)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _literal(glob: str) -> Callable[[str], object]:
    if glob.startswith("/"):
        return glob[1:].__eq__
    ending = "/" + glob
    return lambda path: path == glob or path.endswith(ending)
