"""Change what pyproject.toml asks for (PEP 621, PEP 735, Poetry), and leave the rest as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pratique.codecs.requirement import normalized

_HEADER = re.compile(r"(?m)^[ \t]*\[+([^\]\n]+)\]+")
_STRING = re.compile(
    r"""(?P<open>["'])(?P<name>[A-Za-z0-9][\w.-]*)(?P<between>\s*(?:\[[^\]\n]*\])?\s*\(?)"""
    r"""(?P<range>[=<>!~][^"';()\n]*?)(?=\s*["';)])"""
)
_KEY = re.compile(
    r"""(?m)^(?P<between>[ \t]*["']?(?P<name>[A-Za-z0-9][\w.-]*)["']?\s*=\s*"""
    r"""(?:\{[^}\n]*?\bversion\s*=\s*)?["'])(?P<range>[^"'\n]*)"""
)
Change = Callable[[str, bool], str]
"""Takes a range, and whether it is one of Poetry's own; returns what stands there then."""


def changed(text: str, changes: Mapping[str, Change]) -> str:
    """Return the text with the ranges of packages changed, by their normalized names."""
    parts, position, table = [], 0, ""
    for header in [*_HEADER.finditer(text), None]:
        end = header.start() if header else len(text)
        parts.append(_section(text[position:end], table, changes))
        position, table = end, header[1].strip() if header else ""
    return "".join(parts)


def _section(text: str, table: str, changes: Mapping[str, Change]) -> str:
    is_poetry = table.startswith("tool.poetry.") and table.endswith("dependencies")
    if table == "build-system":
        return text

    def put(found: re.Match[str]) -> str:
        change = changes.get(normalized(found["name"]))
        line = text.rfind("\n", 0, found.start()) + 1
        if change is None or text[line : found.start()].lstrip().startswith("#"):
            return found[0]
        start, end = (place - found.start() for place in found.span("range"))
        return found[0][:start] + change(found["range"], is_poetry) + found[0][end:]

    return (_KEY if is_poetry else _STRING).sub(put, text)
