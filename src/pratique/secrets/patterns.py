"""Take a pattern apart: how far its matches reach, and the least that is in each of them.

hyperscan reports each place where a match may end, so that `[a-z]{20,80}` is told of sixty times.
The least of it (`[a-z]{20}`) is told of once; `re` then looks around that place for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from re import _constants, _parser  # type: ignore[attr-defined]  # no public one takes them apart
from typing import Any

WIDEST = 16384
"""Bytes that a match may have; of one without bounds what is beyond is not looked at."""
_LONG, _ENOUGH = 12, 5  # measured: 0.7 s to compile in place of 1.5, as quick to look for
_Node = tuple[Any, Any]
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_CLASSES = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip
_BOUNDARIES = {"AT_BOUNDARY": r"\b", "AT_NON_BOUNDARY": r"\B"}
_STARTS = ("AT_BEGINNING", "AT_BEGINNING_STRING")


def width(pattern: str) -> int:
    """Return how many bytes a match has at most, no more than `WIDEST`."""
    return min(int(_parsed(pattern).getwidth()[1]), WIDEST)


def is_bounded(pattern: str) -> bool:
    return int(_parsed(pattern).getwidth()[1]) <= WIDEST


def core(pattern: str) -> str:
    """Return a pattern that matches within each match of the given one, once if that can be.

    It is empty where there is none: the pattern may match nothing, or has a back-reference.
    A place at the start of a file counts as one behind a NUL, for in a block of files it is.
    """
    tree = _parsed(pattern)
    nodes = _core(_least(_telling(list(_flat(tree.data)))))
    if not nodes:
        return ""
    try:
        flags = "s" if tree.state.flags & _constants.SRE_FLAG_DOTALL else ""
        flags += "i" if tree.state.flags & _constants.SRE_FLAG_IGNORECASE else ""
        return (f"(?{flags})" if flags else "") + _written(nodes)
    except _NotPlainError:
        return ""


def longest_literal(pattern: str) -> int:
    """Return the length of the longest text that stands in each match."""
    return _literal(list(_parsed(pattern).data))


def _literal(nodes: Sequence[_Node]) -> int:
    """Return the length of the longest text that a sequence always has."""
    longest = run = 0
    for name, value in nodes:
        kind = str(name)
        if kind == "LITERAL":
            run += 1
            longest = max(longest, run)
            continue
        run = 0
        if kind == "SUBPATTERN":
            longest = max(longest, _literal(list(value[3])))
        elif kind == "BRANCH":
            longest = max(longest, min(_literal(list(branch)) for branch in value[1]))
        elif kind in _REPEATS and value[0]:
            longest = max(longest, _literal(list(value[2])))
    return longest


def texts(pattern: str) -> tuple[bytes, ...]:
    """Return lower-case texts of which one stands in each match, in any case; none if unknown."""
    return _texts(_flat(_parsed(pattern).data))


def _texts(nodes: Iterable[_Node]) -> tuple[bytes, ...]:
    best: tuple[bytes, ...] = ()
    run = b""
    for name, value in nodes:
        kind = str(name)
        found: tuple[bytes, ...] = ()
        run = run + bytes([value]).lower() if kind == "LITERAL" else b""
        if kind == "LITERAL":
            found = (run,)
        elif kind == "SUBPATTERN":
            found = _texts(value[3])
        elif kind == "BRANCH":
            every = [_texts(branch) for branch in value[1]]
            found = tuple(text for some in every for text in some) if all(every) else ()
        elif kind in _REPEATS and value[0]:
            found = _texts(value[2])
        best = max(best, found, key=lambda some: min(map(len, some), default=0))
    return best


class _NotPlainError(Exception):
    pass


@cache
def _parsed(pattern: str) -> Any:
    return _parser.parse(pattern.encode("utf-8"), 0)


def _least(nodes: list[_Node]) -> list[_Node]:
    """Return a sequence without what may be left out, or repeated once less, at its end."""
    while nodes:
        kind, value = str(nodes[-1][0]), nodes[-1][1]
        if kind in ("AT", "ASSERT", "ASSERT_NOT"):
            nodes.pop()
            continue
        if kind in _REPEATS:
            least, _, inner = value
            if least == 1:
                nodes[-1:] = list(inner)
                continue
            if least:
                nodes[-1] = (nodes[-1][0], (least, least, inner))
                return nodes
            nodes.pop()
            continue
        shorter = _shorter(kind, value)
        if shorter is None:
            return nodes
        nodes.pop()
        if shorter:
            return [*nodes, *shorter]
    return nodes


def _flat(nodes: Iterable[_Node]) -> Iterator[_Node]:
    """Yield a sequence with the content of its groups in their place."""
    for node in nodes:
        if str(node[0]) == "SUBPATTERN" and not node[1][1] and not node[1][2]:
            yield from _flat(node[1][3])
        else:
            yield node


def _telling(nodes: list[_Node]) -> list[_Node]:
    """Return a sequence up to a body of any length, where what is before it tells enough."""
    for at, (kind, value) in enumerate(nodes):
        if str(kind) in _REPEATS and int(value[1]) - int(value[0]) > _LONG:
            return nodes[:at] if _literal(nodes[:at]) >= _ENOUGH else nodes
    return nodes


def _core(nodes: list[_Node]) -> list[_Node]:
    """Return a sequence without what is before its first fixed text and says next to nothing."""
    rest = list(nodes)
    while len(rest) > 1 and not _literal(rest[:1]) and _says_little(rest[0]):
        rest.pop(0)
    return rest if _literal(rest) else nodes


def _says_little(node: _Node) -> bool:
    kind, value = str(node[0]), node[1]
    if kind in _REPEATS:
        return bool(value[0] * (int(value[2].getwidth()[0]) or 1) <= 1)
    if kind == "BRANCH":
        return min(int(branch.getwidth()[0]) for branch in value[1]) <= 1
    if kind == "SUBPATTERN":
        return len(value[3]) == 1 and _says_little(value[3][0])
    return kind in ("AT", "IN", "ANY", "NOT_LITERAL", "ASSERT", "ASSERT_NOT")


def _shorter(kind: str, value: Any) -> list[_Node] | None:
    """Return the least of a group at the end, which may be nothing; None for a character."""
    if kind == "SUBPATTERN":
        group, on, off, inner = value
        rest = _least(list(inner))
        return [(_constants.SUBPATTERN, (group, on, off, rest))] if rest else []
    if kind == "BRANCH":
        rests = [_least(list(branch)) for branch in value[1]]
        return [(_constants.BRANCH, (None, rests))] if all(rests) else []
    return None


def _written(nodes: Iterable[_Node]) -> str:
    return "".join(_one(str(kind), value) for kind, value in nodes)


def _one(kind: str, value: Any) -> str:
    if kind in ("LITERAL", "NOT_LITERAL"):
        return _byte(value) if kind == "LITERAL" else f"[^{_byte(value)}]"
    if kind == "IN":
        return f"[{''.join(_member(str(what), one) for what, one in value)}]"
    if kind == "BRANCH":
        return f"(?:{'|'.join(_written(branch) for branch in value[1])})"
    if kind in _REPEATS:
        least, most, inner = value
        end = "" if most is _constants.MAXREPEAT else str(most)
        return f"(?:{_written(inner)}){{{least},{end}}}"
    return _group(kind, value)


def _group(kind: str, value: Any) -> str:
    if kind == "ANY":
        return "."
    if kind == "AT":
        return _place(str(value))
    if kind in ("ASSERT", "ASSERT_NOT"):
        return ""  # what must hold as well: `re` sees to that
    if kind == "ATOMIC_GROUP":
        return f"(?:{_written(value)})"
    if kind != "SUBPATTERN":
        raise _NotPlainError
    _, on, off, inner = value
    flag = _constants.SRE_FLAG_IGNORECASE
    flags = "i" if on & flag else "-i" if off & flag else ""
    return f"(?{flags}:{_written(inner)})"


def _place(value: str) -> str:
    if value in _STARTS:
        return r"(?:^|[\x00\n])"
    return _BOUNDARIES.get(value, "")


def _member(kind: str, value: Any) -> str:
    if kind == "NEGATE":
        return "^"
    if kind == "RANGE":
        return f"{_byte(value[0])}-{_byte(value[1])}"
    return _CLASSES[str(value)] if kind == "CATEGORY" else _byte(value)


def _byte(value: int) -> str:
    return f"\\x{value:02x}"
