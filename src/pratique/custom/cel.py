"""Checks in CEL (https://cel.dev), the language of Kubernetes' validating admission policies.

    id: ORG-0001
    title: A container without a memory limit
    why: One of them can take a node down.
    severity: MEDIUM
    resolution: Set `resources.limits.memory`.
    kind: kubernetes
    match: object.kind == 'Pod'                                  # left out: every object
    each: object.spec.containers                                 # left out: the object as a whole
    expression: item.?resources.limits.memory.hasValue()         # true where all is well
    message: "'container ' + item.name + ' has no memory limit'"

`object` (or `input`) is what is judged, in the shapes of `subjects`; `item` is one of `each`, `key`
its name where `each` is a mapping. An expression may also give the failures themselves: a list of
texts, or of mappings with `message`, `start`, `end`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from msgspec import Struct

from pratique.codecs.located import Map, documents
from pratique.custom.subjects import FOLDERS, LINES, plain
from pratique.errors import MalformedError, UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.check import Check, Failure

_TEXTS = ("id", "title", "why", "severity", "resolution", "kind", "match", "each", "expression",
          "message")  # fmt: skip
_LISTS = ("references", "aliases")
_NEEDED = ("id", "title", "kind", "expression")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
_NAMES = ("object", "input", "kind", "item", "key")


def read_cel(text: str, where: str) -> list[tuple[str, Check]]:
    """Return the checks of a YAML file, one a document, each with the folder that it belongs to.

    Raises MalformedError with the line and reason, UsageError where the library is not installed.
    """
    found = []
    for document in documents(text, where):
        if not isinstance(document, Map):
            raise MalformedError("no check: a mapping with id, title, kind, expression", where)
        found.append(_read(document, where))
    if not found:
        raise MalformedError("no check: the file is empty", where)
    return found


class _Programs(Struct, frozen=True):
    match: Any
    each: Any
    expression: Any
    message: Any


def _read(document: Map, where: str) -> tuple[str, Check]:
    for key, value in document.items():
        line = f"{where}:{document.spans[key].start}"
        if key not in (*_TEXTS, *_LISTS):
            raise MalformedError(f"unknown key {key!r}", line)
        if key in _LISTS and not (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        ):
            raise MalformedError(f"`{key}` must be a list of texts", line)
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise MalformedError(f"`{key}` must be a text", line)
    if missing := [key for key in _NEEDED if key not in document]:
        raise MalformedError(f"no `{missing[0]}`", f"{where}:{document.start}")
    folder, severity = document["kind"], document.get("severity", "MEDIUM").upper()
    if folder not in FOLDERS:
        raise _wrong(document, "kind", where, f"none of {', '.join(FOLDERS)}")
    if severity not in SEVERITIES:
        raise _wrong(document, "severity", where, f"none of {', '.join(SEVERITIES)}")
    if not _ID.fullmatch(document["id"]):
        raise _wrong(document, "id", where, "no id: letters, digits, - _ .")
    programs = _Programs(
        *(_compiled(document, key, where) for key in ("match", "each", "expression", "message"))
    )  # fmt: skip
    return folder, Check(
        document["id"], document["title"], document.get("why", ""), severity,
        document.get("resolution", ""), _Judge(programs, folder, document, where),
        tuple(document.get("aliases", ())), tuple(document.get("references", ())),
    )  # fmt: skip


def _wrong(document: Map, key: str, where: str, what: str) -> MalformedError:
    return MalformedError(
        f"{key} {document[key]!r} is {what}", f"{where}:{document.spans[key].start}"
    )  # fmt: skip


@cache
def _environment() -> Any:
    """Return CEL with the names that checks use and its usual extensions."""
    try:
        from cel_expr_python import cel  # noqa: PLC0415 - an extra
        from cel_expr_python.ext import (  # noqa: PLC0415
            ext_bindings,
            ext_math,
            ext_optional,
            ext_strings,
        )
    except ImportError:
        raise UsageError(
            "checks in CEL need the library cel-expr-python", "pip install 'pratique[cel]'"
        ) from None
    extensions = (
        ext_strings.ExtStrings(), ext_optional.ExtOptional(), ext_bindings.ExtBindings(),
        ext_math.ExtMath(),
    )  # fmt: skip
    return cel.NewEnv(variables=dict.fromkeys(_NAMES, cel.Type.DYN), extensions=extensions)


def _compiled(document: Map, key: str, where: str) -> Any:
    """Return the program of a key; None where it is left out. Its errors have line and column."""
    if key not in document:
        return None
    try:
        return _environment().compile(document[key])
    except (RuntimeError, ValueError, TypeError) as error:
        reason = str(error).partition("\n")[0].removeprefix("INVALID_ARGUMENT: ")
        reason = re.sub(r"ERROR: <input>:(\d+):(\d+): ", r"at \1:\2 of it: ", reason)
        line = document.spans[key].start
        raise MalformedError(f"`{key}` is no CEL: {reason}", f"{where}:{line}") from None


class _Judge:
    """Carries out one check."""

    def __init__(self, programs: _Programs, folder: str, document: Map, where: str) -> None:
        self._programs = programs
        self._folder = folder
        self._document = document
        self._where = where

    def __call__(self, value: Any) -> Iterator[Failure]:
        try:
            yield from self._judged(value)
        except (RuntimeError, TypeError, ValueError) as error:  # of the library
            reason = " ".join(str(error).split())
            id = self._document["id"]
            raise MalformedError(f"{id}: cannot be carried out: {reason}", self._where) from error

    def _judged(self, value: Any) -> Iterator[Failure]:
        subject = plain(self._folder, value)
        if subject is None:
            return
        data = {"object": subject.clean, "input": subject.clean, "kind": self._folder,
                "item": None, "key": None}  # fmt: skip
        if self._programs.match and self._ask("match", data) is not True:
            return
        if self._programs.each is None:
            yield from self._failures(data, subject.span)
            return
        located = {**data, "object": subject.located, "input": subject.located}
        for key, item in _items(self._ask("each", located)):
            one = {**data, "item": _without_lines(item), "key": key}
            yield from self._failures(one, _span(item))

    def _failures(self, data: Mapping[str, Any], span: tuple[int, int]) -> Iterator[Failure]:
        return _failures(self._ask("expression", data), partial(self._message, data), span)

    def _message(self, data: Mapping[str, Any]) -> str:
        return str(
            self._ask("message", data) if self._programs.message else self._document["title"]
        )

    def _ask(self, key: str, data: Mapping[str, Any]) -> Any:
        answer = getattr(self._programs, key).eval(data=data)
        if answer.type().name() == "ERROR":
            reason = f"{self._document['id']}: `{key}` cannot be answered: {answer.plain_value()}"
            raise MalformedError(reason, f"{self._where}:{self._document.spans[key].start}")
        return answer.plain_value()


def _failures(answer: Any, message: Callable[[], str], span: tuple[int, int]) -> Iterator[Failure]:
    if answer is True:
        return
    if answer is False:
        yield Failure(message(), *span)
    elif isinstance(answer, list):
        for one in answer:
            if isinstance(one, dict):
                start = int(one.get("start") or span[0])
                end = int(one.get("end") or start)
                yield Failure(str(one.get("message") or message()), start, end)
            else:
                yield Failure(str(one), *span)
    else:
        raise ValueError(f"`expression` must be true, false or a list, not {answer!r}")


def _items(found: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(found, dict):
        yield from ((key, value) for key, value in found.items() if key != LINES)
    elif isinstance(found, list):
        yield from enumerate(found)
    else:
        raise TypeError(f"`each` must be a list or a mapping, not {found!r}")


def _span(item: Any) -> tuple[int, int]:
    if not isinstance(item, dict):
        return 0, 0
    lines = item.get(LINES)
    if isinstance(lines, dict):
        return lines["startline"], lines["endline"]
    return item.get("StartLine", 0), item.get("EndLine", 0)


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_lines(member) for key, member in value.items() if key != LINES}
    return [_without_lines(item) for item in value] if isinstance(value, list) else value
