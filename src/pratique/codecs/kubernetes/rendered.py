"""Manifests that a program made of templates, put back to the lines of their templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from pratique.codecs.kubernetes.objects import Object, objects_in
from pratique.codecs.located import List, Map, Span, Value, documents
from pratique.errors import MalformedError

_KEY = re.compile(r"\s*(?:-\s+)*[\w./\"'-]+\s*:")
_MOST_LINES = 3000
"""That are compared: the time grows with the square."""


def objects_of(
    rendered: str, template: str, where: str, others: frozenset[str]
) -> Iterator[Object]:
    """Yield the objects of a rendered document, with the lines of the template it was made of.

    A line that the template does not have gets that of the line before it that it does have. The
    objects have no lines to be edited: a fix would be one of the output.
    """
    values = list(documents(rendered, where))
    lines = lines_of(rendered, template)
    seen: set[int] = set()
    for value in values:
        _put_back(value, lines, seen)
    yield from objects_in(iter(values), (), others)


def kinds_in(rendered: str) -> frozenset[str]:
    """Return the kinds of object that a rendering declares."""
    return frozenset(re.findall(r"^kind:\s*[\"']?(\w+)", rendered, re.MULTILINE))


def lines_of(rendered: str, template: str) -> list[int]:
    """Return for each line of a rendering, from 1, the line of the template it is from."""
    after, before = rendered.splitlines(), template.splitlines()
    if len(after) > _MOST_LINES or len(before) > _MOST_LINES:
        return [1] * (len(after) + 2)
    literal = {line.strip() for line in before if "{{" not in line}
    filled = {key for line in before if "{{" in line if (key := _key(line))}
    old = [_key(line) if "{{" in line else line.strip() for line in before]
    new = [text if (text := line.strip()) in literal else _filled(line, filled) for line in after]
    found = [0] * (len(after) + 2)
    for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for n in range(match.size):
            if new[match.b + n]:
                found[match.b + n + 1] = match.a + n + 1
    return _without_gaps(found)


def _key(line: str) -> str:
    match = _KEY.match(line)
    return match[0].strip() if match else ""


def _filled(line: str, keys: set[str]) -> str:
    key = _key(line)
    return key if key in keys else ""


def _without_gaps(lines: Sequence[int]) -> list[int]:
    last = next((line for line in lines if line), 1)
    filled = []
    for line in lines:
        last = line or last
        filled.append(last)
    return filled


def _put_back(value: Value, lines: Sequence[int], seen: set[int]) -> None:
    """Replace the lines of a value, and of all that is in it, once."""
    if not isinstance(value, Map | List) or id(value) in seen:
        return
    seen.add(id(value))
    value.start, value.end = _moved(Span(value.start, value.end), lines)
    if isinstance(value, Map):
        value.spans = {key: _moved(span, lines) for key, span in value.spans.items()}
    else:
        value.spans = [_moved(span, lines) for span in value.spans]
    for member in value.values() if isinstance(value, Map) else value:
        _put_back(member, lines, seen)


def _moved(span: Span, lines: Sequence[int]) -> Span:
    start, end = (lines[line] if line < len(lines) else lines[-1] for line in span)
    return Span(start, max(start, end))


def broken(errors: Sequence[MalformedError], where: str) -> MalformedError:
    """Return one error for several documents of one rendering."""
    reasons = list(dict.fromkeys(f"{error.where}: {error.reason}" for error in errors))
    more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return MalformedError("; ".join(reasons[:3]) + more, where)
