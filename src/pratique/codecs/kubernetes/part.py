"""A part of a manifest: what it holds, on which lines, and how one fails there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from pratique.codecs.located import List, Map, Span, Value, span_of
from pratique.model.check import Edit, Failure

_INDENT = 2
_PLAIN = re.compile(
    r"\s*(?:-\s+)*(?P<key>[\w.\"'/-]+)\s*:\s+(?P<value>[^\s#&*!|>{\[].*?)\s*(?:#.*)?$"
)
"""A key and its value on a line of their own."""


class Part(Struct, frozen=True, gc=False):
    """A mapping of a manifest."""

    value: Map
    label: str
    """How messages call it: `container "web"`."""
    span: Span = Span(0, 0)
    lines: Sequence[str] = ()
    """Of the file; none where it is not the file that was written by hand."""

    def get(self, *path: str) -> Any:
        """Return what is at a path of keys; None where nothing is."""
        found: Any = self.value
        for key in path:
            if not isinstance(found, Map):
                return None
            found = found.get(key)
        return found

    def mapping(self, *path: str) -> Map:
        """Return the mapping at a path of keys, or an empty one."""
        found = self.get(*path)
        return found if isinstance(found, Map) else Map()

    def items(self, *path: str) -> List:
        """Return the list at a path of keys, or an empty one."""
        found = self.get(*path)
        return found if isinstance(found, List) else List()

    def maps(self, *path: str) -> list[tuple[Map, Span]]:
        """Return the mappings in the list at a path of keys, each with its lines."""
        found = self.items(*path)
        return [(x, s) for x, s in zip(found, found.spans, strict=True) if isinstance(x, Map)]

    def names(self, *path: str) -> list[str]:
        """Return the texts in the list at a path of keys."""
        return [str(item) for item in self.items(*path) if not isinstance(item, Map | List)]

    def fails(self, message: str, *path: str, put: str = "", severity: str = "") -> Failure:
        """Say what is wrong at a path of keys, or as near to it as there is something.

        `put` is what belongs there, as YAML on one line.
        """
        span, node = self.span, self.value
        for key in path:
            if not isinstance(node, Map) or key not in node:
                break
            span, node = span_of(node, key), node[key]
        fix = self._edit(path, put) if put and self.lines else None
        return self.fails_at(message, span, severity=severity, fix=fix)

    def fails_at(
        self, message: str, span: Span, *, severity: str = "", fix: Edit | None = None
    ) -> Failure:
        return Failure(f"{self.label} {message}", span.start, span.end, severity, fix)

    def _edit(self, path: Sequence[str], put: str) -> Edit | None:
        """Return the edit that puts a value at a path, where that is sure to be right."""
        parent: Value = self.value
        for depth, key in enumerate(path):
            if not isinstance(parent, Map) or parent.flow or not parent:
                return None
            if key not in parent:
                return _insertion(parent, path[depth:], put)
            if depth == len(path) - 1:
                return self._replacement(parent, key, put)
            parent = parent[key]
        return None

    def _replacement(self, parent: Map, key: str, put: str) -> Edit | None:
        start, end = parent.spans[key]
        line = self.lines[start - 1] if 0 < start <= len(self.lines) else ""
        match = _PLAIN.match(line)
        if start != end or not match or match["key"].strip("\"'") != key:
            return None
        return Edit(start, end, line[: match.start("value")] + put + line[match.end("value") :])


def _insertion(parent: Map, path: Sequence[str], put: str) -> Edit | None:
    """Put keys behind the first one of a block mapping, which a dash may stand before."""
    after = next(iter(parent.spans.values()))
    if not parent.start <= after.start <= after.end <= parent.end:
        return None  # it came from an anchor elsewhere
    lines = [" " * (parent.column + _INDENT * n) + f"{key}:" for n, key in enumerate(path)]
    lines[-1] += f" {put}"
    return Edit(after.end + 1, after.end, "\n".join(lines))
