"""Read large XML documents a subtree at a time, refusing what makes XML dangerous."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from pratique.errors import LimitExceeded, MalformedError

if TYPE_CHECKING:
    from pyexpat import XMLParserType

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?", re.ASCII)
_DEPTH = 100
_NODES = 2_000_000
_TEXT = 256 << 20  # characters of one subtree
_DOCUMENT = 8 << 30


def trees(
    chunks: Iterable[bytes], roots: Container[str], names: Container[str], where: str
) -> Iterator[Element]:
    """Yield each outermost element of one of these names, whole, when it has ended.

    Names are local ones: prefixes of namespaces are left out. Only one subtree is held at a time.
    A document type is refused, and with it every entity but the
    five of XML itself; so are elements more than 100 deep. Raises MalformedError for what is no
    XML or has a root other than `roots`, LimitExceeded where a subtree or the whole is too large.
    """
    from pyexpat import ExpatError, ParserCreate  # noqa: PLC0415 - most runs read no XML

    parser = ParserCreate()
    builder = _Builder(parser, roots, names, where)
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > _DOCUMENT:
                raise LimitExceeded(f"{where}: XML of more than {_DOCUMENT} bytes")
            parser.Parse(chunk, False)
            yield from builder.take()
        parser.Parse(b"", True)
    # LookupError, ValueError: an encoding that Python does not know, or not for XML
    except (ExpatError, LookupError, ValueError) as error:
        raise MalformedError(f"no XML: {error}", where) from error
    yield from builder.take()


def text(node: Element, path: str) -> str:
    """Return the stripped text of the first descendant at a path; empty where there is none."""
    found = node.find(path)
    return (found.text or "").strip() if found is not None else ""


def rfc3339(written: str) -> str:
    """Return a date or a time in UTC as RFC 3339: `2023-02-17 20:41`; empty for what is none."""
    match = _TIME.match(written.strip())
    return f"{match[1]}T{match[2] or '00:00'}{match[3] or ':00'}Z" if match else ""


class _Builder:
    def __init__(
        self, parser: XMLParserType, roots: Container[str], names: Container[str], where: str
    ) -> None:
        self._roots = roots
        self._names = names
        self._where = where
        self._depth = 0
        self._open: list[Element] = []
        self._ended: list[Element] = []
        self._nodes = self._characters = 0
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse

    def take(self) -> list[Element]:
        ended, self._ended = self._ended, []
        return ended

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise MalformedError("XML is nested too deeply", self._where)
        tag = name.rpartition(":")[2]
        if self._depth == 1 and tag not in self._roots:
            raise MalformedError(f"its root is {tag[:80]!r}", self._where)
        if self._open:
            self._nodes += 1
            if self._nodes > _NODES:
                raise LimitExceeded(f"{self._where}: an element of more than {_NODES} others")
            self._open.append(SubElement(self._open[-1], tag, attributes))
        elif tag in self._names:
            self._nodes = self._characters = 0
            self._open.append(Element(tag, attributes))

    def _text(self, data: str) -> None:
        if not self._open:
            return
        self._characters += len(data)
        if self._characters > _TEXT:
            raise LimitExceeded(f"{self._where}: an element of more than {_TEXT} characters")
        node = self._open[-1]
        if not len(node):  # what follows a child is formatting
            node.text = (node.text or "") + data

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            node = self._open.pop()
            if not self._open:
                self._ended.append(node)

    def _refuse(self, *_: object) -> None:
        raise MalformedError("XML with a document type is not read", self._where)
