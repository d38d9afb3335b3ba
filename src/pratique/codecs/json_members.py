"""Find objects of a JSON text by their names at its top, so that it can be changed as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:]')


def objects(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the objects stand that are members of the document by these names: from after
    the opening brace to the closing one. What is no JSON has none, or some.
    """
    wanted = {f'"{name}"' for name in names}
    found: list[tuple[int, int]] = []
    depth, last, named, start = 0, "", False, -1
    for token in _TOKEN.finditer(text):
        one = token[0]
        if one in "{[":
            if depth == 1 and one == "{" and named:
                start = token.end()
            depth += 1
        elif one in "}]":
            depth -= 1
            if depth == 1 and start >= 0:
                found.append((start, token.start()))
                start = -1
        named = one == ":" and depth == 1 and last in wanted
        last = one
    return found


def edited(text: str, names: Iterable[str], edit: Callable[[str], str]) -> str:
    """Return the text with the insides of such objects changed."""
    for start, end in reversed(objects(text, names)):
        text = text[:start] + edit(text[start:end]) + text[end:]
    return text
