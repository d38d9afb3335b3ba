r"""Read YAML and JSON into plain values that know their lines, as Kubernetes and Compose read them.

for value in documents("a: 1\nb:\n- x\n", "x.yaml"):
    value                  # {"a": 1, "b": ["x"]}: a Map, which is a dict
    value.spans["b"]       # (2, 3): from the key's line to the value's last
    value["b"].spans[0]    # (3, 3): the item's lines
    value["b"].start       # 3
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from pratique.codecs.located_json import read_json
from pratique.codecs.located_values import List, Map, Span, Value, resolved
from pratique.errors import MalformedError

__all__ = ["List", "Map", "Span", "Value", "documents", "span_of"]

_LARGEST = 16 << 20
_DEEPEST = 100
_MOST_VALUES = 500_000
"""Of one document, with what its aliases stand for."""
_MOST_ERRORS = 5
"""That are named of one file."""
_MARKER = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
_JSON = re.compile(r"\ufeff?\s*[{\[]")
_MERGE = "<<"


def documents(text: str, where: str) -> Iterator[Value]:
    """Yield the value of each document of a YAML stream, or of a JSON file.

    Scalars become str, int, float, bool or None as in YAML 1.1, but for sexagesimal numbers and
    dates, which stay texts (`22:22`), as everywhere in this field. Keys are texts as written. Of a
    key that is there twice the last counts; `<<` merges. An alias is the very value of its anchor,
    not a copy. Unknown tags (`!Ref`) are passed over. Documents that are empty are left out.

    Raises MalformedError at the end, after the others, for documents that are broken, nested too
    deeply, too large or too large once their aliases are followed: their lines and reasons.
    """
    if len(text) > _LARGEST:
        raise MalformedError(f"{len(text)} characters are too many to read", where)
    if _JSON.match(text):
        refused = () if where.endswith(".json") else (MalformedError,)
        with suppress(*refused):  # it may be YAML in flow style
            yield from read_json(text, where)
            return
    errors: list[str] = []
    for line, chunk in _chunks(text.removeprefix("\ufeff")):
        try:
            yield from _Composer(chunk, line).documents()
        except _BrokenError as error:
            errors.append(str(error))
    if errors:
        more = len(errors) - _MOST_ERRORS
        reason = "; ".join(errors[:_MOST_ERRORS]) + (f"; and {more} more" if more > 0 else "")
        raise MalformedError(reason, where)


def span_of(parent: Value, member: str | int) -> Span:
    """Return the lines of a mapping's key with its value or of a list's item; (0, 0) for none."""
    if isinstance(parent, Map) and isinstance(member, str):
        return parent.spans.get(member, Span(0, 0))
    if isinstance(parent, List) and isinstance(member, int) and member < len(parent):
        return parent.spans[member]
    return Span(0, 0)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield each document with the number of lines before it.

    `---` at the start of a line ends a document whatever it stands in (YAML 1.2, 9.1.2), so that
    each can be parsed by itself, and a broken one does not take the others with it.
    """
    line = start = 0
    for match in _MARKER.finditer(text):
        chunk = text[start : match.start()]
        if _DIRECTIVE.search(chunk) and not _MARKER.match(chunk):
            continue  # %YAML belongs to the document that follows
        if _CONTENT.search(chunk):
            yield line, chunk
        line += chunk.count("\n")
        start = match.start()
    if _CONTENT.search(text, start):
        yield line, text[start:]


class _BrokenError(Exception):
    pass


class _Sized(NamedTuple):
    """A value with what a walk through it costs."""

    value: Value
    size: int
    depth: int


class _Open:
    """A collection that has begun."""

    __slots__ = ("anchor", "depth", "key", "merged", "size", "span", "value")

    def __init__(self, value: Map | List, anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.size = 1
        self.depth = 1
        self.key: str | None = None
        self.span = Span(value.start, value.start)  # of the key
        self.merged: list[Map] = []


class _Composer:
    """Builds the documents of a parser's events.

    PyYAML's own composer takes five times as long, resolves what nobody here wants, and follows
    aliases without bound.
    """

    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset + 1
        self._lines: list[str] | None = None
        self._anchors: dict[str, _Sized] = {}
        self._open: list[_Open] = []
        self._last = 0

    def documents(self) -> Iterator[Value]:
        import yaml  # noqa: PLC0415 - 15 ms, and of few files

        try:
            for event in yaml.parse(self._text, getattr(yaml, "CLoader", yaml.SafeLoader)):
                if sized := self._step(event, type(event).__name__):
                    yield sized.value
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = mark.line + self._offset if mark else self._offset
            raise _BrokenError(f"line {at}: {error.problem or error.context}") from error
        except (yaml.YAMLError, ValueError) as error:
            # a character that no YAML may hold is told of without a line
            raise _BrokenError(f"line {self._offset}: {' '.join(str(error).split())}") from error

    def _step(self, event: Any, kind: str) -> _Sized | None:
        """Take an event; return the document that it completes."""
        if kind == "ScalarEvent":
            tag = "str" if event.style else event.tag or ""
            value = event.value if event.style else resolved(event.value, tag)
            start, end = self._span(event)
            return self._put(event, _Sized(value, 1, 0), start, end, event.value)
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            return self._end(event)
        if kind == "MappingStartEvent":
            self._begin(event, Map(event.start_mark.column, bool(event.flow_style)))
        elif kind == "SequenceStartEvent":
            self._begin(event, List(event.start_mark.column, bool(event.flow_style)))
        elif kind == "AliasEvent":
            anchored = self._anchors.get(event.anchor)
            if anchored is None:
                raise self._broken(event, f"*{event.anchor} stands for nothing before it")
            start, end = self._span(event)
            return self._put(event, anchored, start, end, None)
        return None

    def _begin(self, event: Any, value: Map | List) -> None:
        if len(self._open) >= _DEEPEST:
            raise self._broken(event, "nested too deeply")
        value.start = value.end = event.start_mark.line + self._offset
        self._open.append(_Open(value, event.anchor))

    def _end(self, event: Any) -> _Sized | None:
        done = self._open.pop()
        value = done.value
        if value.flow:
            value.end = event.end_mark.line + self._offset
        elif value:
            value.end = self._last  # the end of a block is told where the next one begins
        if isinstance(value, Map):
            for other in done.merged:  # the first one's keys win over the later ones'
                for key in other.keys() - value.keys():
                    value[key] = other[key]
                    value.spans[key] = other.spans[key]
        sized = _Sized(value, done.size, done.depth)
        return self._put(event, sized, value.start, value.end, None, done.anchor)

    def _put(
        self,
        event: Any,
        sized: _Sized,
        start: int,
        end: int,
        key: str | None,
        anchor: str | None = None,
    ) -> _Sized | None:
        """Add a value to what is open; return it where nothing is."""
        self._last = end
        if name := (anchor or (event.anchor if key is not None else None)):
            self._anchors[name] = sized
        if not self._open:
            return sized if sized.value is not None else None
        parent = self._open[-1]
        self._grow(event, parent, sized)
        into = parent.value
        if isinstance(into, List):
            into.append(sized.value)
            into.spans.append(Span(start, end))
        elif parent.key is None:
            if isinstance(sized.value, Map | List):
                raise self._broken(event, self._no_key(event))
            name = key if key is not None else str(sized.value)
            parent.key, parent.span = name, Span(start, end)
        elif parent.key == _MERGE and _merges(sized.value):
            parent.key = None
            values = sized.value if isinstance(sized.value, List) else [sized.value]
            parent.merged += [one for one in values if isinstance(one, Map)]
        else:
            into[parent.key] = sized.value
            into.spans[parent.key] = Span(parent.span.start, max(end, parent.span.end))
            parent.key = None
        return None

    def _grow(self, event: Any, parent: _Open, sized: _Sized) -> None:
        parent.size += sized.size
        parent.depth = max(parent.depth, sized.depth + 1)
        if parent.size > _MOST_VALUES or parent.depth > _DEEPEST:
            raise self._broken(event, "too much once its aliases are followed")

    def _span(self, event: Any) -> tuple[int, int]:
        start, end = event.start_mark.line, event.end_mark.line
        if getattr(event, "style", None) in ("|", ">"):
            end = self._block_end(start, end if event.end_mark.column else end - 1)
        return start + self._offset, end + self._offset

    def _block_end(self, start: int, end: int) -> int:
        """Return the last line of a block scalar that is not empty."""
        if self._lines is None:
            self._lines = self._text.split("\n")
        end = min(end, len(self._lines) - 1)
        while end > start and not self._lines[end].strip():
            end -= 1
        return end

    def _no_key(self, event: Any) -> str:
        """Say why a collection is no key: `a: {{ x }}` is one to YAML, and mostly a template."""
        at = event.start_mark.line
        if any("{{" in line for line in self._text.splitlines()[at : at + 1]):
            return "{{ is for a template to fill in: this is no YAML yet"
        return "a mapping or list stands where a key is expected"

    def _broken(self, event: Any, reason: str) -> _BrokenError:
        return _BrokenError(f"line {event.start_mark.line + self._offset}: {reason}")


def _merges(value: Value) -> bool:
    return isinstance(value, Map) or (
        isinstance(value, List) and all(isinstance(one, Map) for one in value)
    )
