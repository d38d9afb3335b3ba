"""Read YAML documents into mappings, lists and texts that know their lines; aliases are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from pratique.errors import MalformedError

Node = Union[str, list["Node"], "Map"]
"""Scalars stay as written: a version `1.10` is a text, and null is `null`."""

_LARGEST = 16 << 20  # a lock file of 40,000 lines is 1 MiB and takes half a second
_DEEPEST = 100
_NULL = ("", "null", "~")


class Map(dict[str, Node]):
    """A mapping that knows on which line, from 1, each of its keys stands."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def read_documents(data: bytes, where: str) -> list[Node]:
    """Return the documents of a stream (YAML 1.1).

    Raises MalformedError for what is no YAML, too large, too deep, or holds an alias (`*x`): no
    tool writes one in the files that are read here, and a few of them expand to gigabytes.
    """
    if len(data) > _LARGEST:
        raise MalformedError(f"{len(data)} bytes of YAML are too many", where)
    import yaml  # noqa: PLC0415 - 15 ms, and of few files

    # the parser's events alone: PyYAML's own documents take ten times as long, and lose the lines
    events = yaml.parse(data.decode("utf-8-sig", "replace"), getattr(yaml, "CLoader", yaml.Loader))
    try:
        return list(_composed(events, where))
    except (yaml.YAMLError, ValueError) as error:
        raise MalformedError(" ".join(str(error).split()), where) from error


def read_mapping(data: bytes, where: str) -> Map:
    """Return the first document, which must be a mapping; an empty file is an empty one."""
    for node in read_documents(data, where):
        if isinstance(node, Map):
            return node
        if node not in _NULL:
            raise MalformedError("a mapping is expected", where)
    return Map()


def mapping(node: Node | None) -> Map:
    """Return a node that is a mapping, and an empty one for any other."""
    return node if isinstance(node, Map) else Map()


def maps(node: Node | None) -> Iterator[tuple[str, Map]]:
    """Yield the members of a mapping that are mappings themselves."""
    for key, value in mapping(node).items():
        if isinstance(value, Map):
            yield key, value


def texts(node: Node | None) -> dict[str, str]:
    """Return the members of a mapping that are texts."""
    return {key: value for key, value in mapping(node).items() if isinstance(value, str)}


def text(node: Node | None) -> str:
    """Return a node that is a text, and an empty one for any other, and for null."""
    return node if isinstance(node, str) and node not in _NULL else ""


def items(node: Node | None) -> list[Node]:
    """Return a list's items; none for what is no list."""
    return node if isinstance(node, list) else []


def _composed(events: Iterator[Any], where: str) -> Iterator[Node]:
    """Build the documents from a parser's events."""
    parents: list[Map | list[Node]] = []
    keys: list[str | None] = []
    for event in events:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            node: Node = event.value
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            node = parents.pop()
            keys.pop()
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(parents) > _DEEPEST:
                raise MalformedError(f"{_line(event)}: YAML is nested too deeply", where)
            parents.append(Map() if kind == "MappingStartEvent" else [])
            keys.append(None)
            continue
        elif kind == "AliasEvent":
            raise MalformedError(f"{_line(event)}: aliases are not read", where)
        else:
            continue
        if parents:
            keys[-1] = _put(parents[-1], keys[-1], node, event)
        else:
            yield node


def _put(parent: Map | list[Node], key: str | None, node: Node, event: Any) -> str | None:
    """Add a node to its parent, or return it as the key of the next one."""
    if isinstance(parent, list):
        parent.append(node)
    elif key is not None:
        parent[key] = node
    else:
        key = node if isinstance(node, str) else ""
        parent.lines[key] = event.start_mark.line + 1
        return key
    return None


def _line(event: Any) -> str:
    return f"line {event.start_mark.line + 1}"
