"""Merge services: what an override file or a service that extends another one says last counts.

https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
"""

from __future__ import annotations

from pratique.codecs.located_values import List, Map, Value

_REPLACED = frozenset({"command", "entrypoint", "test"})
_PAIRS = frozenset({"environment", "labels", "args", "sysctls", "extra_hosts", "annotations"})
_DEEPEST = 30


def merged(below: Map, above: Map, depth: int = 0) -> Map:
    """Return both mappings as one; nothing of either is changed."""
    result = Map(above.column, above.flow)
    result.start, result.end = above.start, above.end
    result.update(below)
    result.spans.update(below.spans)
    for key, value in above.items():
        result[key] = _joined(key, below.get(key), value, depth)
        result.spans[key] = above.spans[key]
    return result


def _joined(key: str, below: Value, above: Value, depth: int) -> Value:
    if below is None or above is None or key in _REPLACED or depth > _DEEPEST:
        return above
    if key in _PAIRS:
        below, above = as_map(below), as_map(above)
    if isinstance(below, Map) and isinstance(above, Map):
        return merged(below, above, depth + 1)
    if isinstance(below, List) and isinstance(above, List):
        both = List(above.column, above.flow)
        both.start, both.end = above.start, above.end
        both.extend([*below, *above])
        both.spans = [*below.spans, *above.spans]
        return both
    return above


def as_map(value: Value) -> Map:
    """Return a list of `NAME=value` as a mapping; what is neither as an empty one."""
    if isinstance(value, Map):
        return value
    result = Map()
    if isinstance(value, List):
        result.start, result.end = value.start, value.end
        for item, span in zip(value, value.spans, strict=True):
            name, equals, text = str(item).partition("=")
            result[name] = text if equals else None
            result.spans[name] = span
    return result
