"""Read XML element by element, refusing what makes XML dangerous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from pratique.errors import MalformedError

if TYPE_CHECKING:
    from pyexpat import XMLParserType

_CHUNK = 1 << 16
_DEPTH = 100
_NAME = 256


class Element(Struct, frozen=True, gc=False):
    """An element that has ended: its children were yielded before it."""

    path: str
    """The names from the root down, joined by slashes, without namespace prefixes."""
    text: str
    """The text directly in it, stripped."""
    line: int
    """Where it begins, from 1."""
    attributes: dict[str, str] = {}
    """Without namespace prefixes."""


def elements(data: bytes, where: str) -> Iterator[Element]:
    """Yield the elements of a document (XML 1.0) in the order in which they end.

    A document type is refused, and with it every entity but the five of XML itself; so are
    elements more than 100 deep.
    """
    # 1 ms to import, and most scans meet no XML
    from pyexpat import ExpatError, ParserCreate  # noqa: PLC0415

    parser = ParserCreate()
    reader = _Reader(parser, where)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.Parse(data[start : start + _CHUNK], False)
            yield from reader.take()
        parser.Parse(b"", True)
    # LookupError, ValueError: an encoding that Python does not know, or not for XML
    except (ExpatError, LookupError, ValueError) as error:
        raise MalformedError(str(error), where) from error
    yield from reader.take()


class Node(Struct):
    """An element with all that is in it."""

    name: str
    """Without its namespace prefix."""
    attributes: dict[str, str]
    children: list[Node] = []
    text: str = ""
    """The text directly in it, stripped."""

    def child(self, name: str) -> Node | None:
        """Return the first child of a name."""
        return next((node for node in self.children if node.name == name), None)

    def within(self, name: str) -> list[Node]:
        """Return the children of the first child of a name."""
        found = self.child(name)
        return found.children if found else []

    def word(self, name: str) -> str:
        """Return the text of the first child of a name."""
        found = self.child(name)
        return found.text if found else ""


def tree(data: bytes, where: str) -> Node:
    """Return the root element of a document, attributes and all; refuses what `elements` does."""
    from pyexpat import ExpatError, ParserCreate  # noqa: PLC0415 - as above

    parser = ParserCreate()
    growing = _Growing(where)
    parser.buffer_text = True
    parser.StartElementHandler = growing.start
    parser.EndElementHandler = growing.end
    parser.CharacterDataHandler = growing.characters
    parser.StartDoctypeDeclHandler = growing.refuse
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:
        raise MalformedError(str(error), where) from error
    return growing.top.children[0]


class _Growing:
    """A tree while its document is parsed."""

    def __init__(self, where: str) -> None:
        self.top = Node("", {}, [])
        self._open = [(self.top, [""])]
        self._where = where

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEPTH or len(name) > _NAME:
            raise MalformedError("XML is nested too deeply, or a name is too long", self._where)
        node = Node(name.rpartition(":")[2], attributes)
        self._open[-1][0].children.append(node)
        self._open.append((node, []))

    def characters(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, _: str) -> None:
        node, texts = self._open.pop()
        node.text = "".join(texts).strip()

    def refuse(self, *_: object) -> None:
        raise MalformedError("XML with a document type is not read", self._where)


class _Reader:
    def __init__(self, parser: XMLParserType, where: str) -> None:
        self._parser = parser
        self._where = where
        self._names: list[str] = []
        self._open: list[tuple[int, list[str], dict[str, str]]] = []
        self._ended: list[Element] = []
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse

    def take(self) -> list[Element]:
        ended, self._ended = self._ended, []
        return ended

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._names) == _DEPTH or len(name) > _NAME:
            raise MalformedError("XML is nested too deeply, or a name is too long", self._where)
        self._names.append(name.rpartition(":")[2])
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        self._open.append((self._parser.CurrentLineNumber, [], plain))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)

    def _end(self, _: str) -> None:
        line, text, attributes = self._open.pop()
        path = "/".join(self._names)
        self._ended.append(Element(path, "".join(text).strip(), line, attributes))
        self._names.pop()

    def _refuse(self, *_: object) -> None:
        raise MalformedError("XML with a document type is not read", self._where)
