"""Put values in the place of variables: `${NAME:-default}` and its relatives.

https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pratique.codecs.located_values import List, Map, Value

_DEEPEST = 20
_ASSIGNMENT = re.compile(r"""\s*(?:export\s+)?(\w+)\s*=\s*(?:(["'])(.*?)\2|(.*?))(?:\s*$|\s#)""")
_VARIABLE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(:?[-?+])?)")


def interpolated(text: str, values: Mapping[str, str] | None = None) -> str:
    """Return a text with its variables resolved; one without value and default stays as it is."""
    if "$" not in text:
        return text
    return _until_end(text, 0, values or {}, nested=0)[0]


def with_defaults(value: Value, values: Mapping[str, str] | None = None) -> Value:
    """Return a copy of a value, its lines kept, with the variables of its texts resolved."""
    return _copied(value, values or {}, {})


def variables_of(text: str) -> dict[str, str]:
    """Return what an `.env` file sets; of double quotes and their escapes only the quotes count."""
    variables: dict[str, str] = {}
    for line in text.splitlines():
        if match := _ASSIGNMENT.match(line):
            quoted, plain = match[3], match[4]
            variables[match[1]] = quoted if match[2] else plain.strip()
    return variables


def _copied(value: Value, values: Mapping[str, str], done: dict[int, Value]) -> Value:
    """Copy what aliases share once: a copy of each use could be exponentially large."""
    if isinstance(value, str):
        return interpolated(value, values)
    if not isinstance(value, Map | List):
        return value
    if id(value) in done:
        return done[id(value)]
    copy: Map | List
    if isinstance(value, Map):
        copy = Map(value.column, value.flow)
        copy.spans = dict(value.spans)
        copy.update((key, _copied(item, values, done)) for key, item in value.items())
    else:
        copy = List(value.column, value.flow)
        copy.spans = list(value.spans)
        copy.extend(_copied(item, values, done) for item in value)
    copy.start, copy.end = value.start, value.end
    done[id(value)] = copy
    return copy


def _until_end(text: str, at: int, values: Mapping[str, str], nested: int) -> tuple[str, int]:
    """Return what follows resolved, up to the end or, `nested`, to a closing brace; and where."""
    parts: list[str] = []
    while at < len(text):
        if nested and text[at] == "}":
            return "".join(parts), at
        match = _VARIABLE.match(text, at) if text[at] == "$" else None
        if match is None:
            end = _plain_end(text, at + 1, nested)
            parts.append(text[at:end])
            at = end
        elif match[1]:
            parts.append("$")
            at = match.end()
        elif match[2]:
            parts.append(values.get(match[2], match[0]))
            at = match.end()
        else:
            part, at = _braced(text, match, values, nested + 1)
            parts.append(part)
    return "".join(parts), at


def _plain_end(text: str, at: int, nested: int) -> int:
    ends = [end for end in (text.find("$", at), text.find("}", at) if nested else -1) if end >= 0]
    return min(ends, default=len(text))


def _braced(
    text: str, match: re.Match[str], values: Mapping[str, str], nested: int
) -> tuple[str, int]:
    name, operator = match[3], match[4] or ""
    if nested > _DEEPEST:
        return text[match.start() :], len(text)
    other, end = _until_end(text, match.end(), values, nested)
    if end >= len(text) or (not operator and other):  # not closed, or nothing that is known
        return text[match.start() : end + 1], min(end + 1, len(text))
    value = values.get(name)
    has = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return other if has else "", end + 1
    if has:
        return value or "", end + 1
    return (other if operator.endswith("-") else text[match.start() : end + 1]), end + 1
