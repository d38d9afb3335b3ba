"""Give own checks what is judged as plain data, in the shapes that checks for Trivy expect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct, to_builtins

from pratique.codecs.compose.service import Project
from pratique.codecs.located import List, Map

LINES = "__defsec_metadata"
"""The key by which a mapping tells its lines, in data that has them."""
_PAIRS = ("ENV", "LABEL")
_PAIR = re.compile(r"""\s*([^\s=]+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)""", re.DOTALL)


class Plain(Struct, frozen=True):
    """What is judged, as data that JSON can hold."""

    clean: Any
    """As it is written."""
    located: Any
    """With the lines of each mapping under `__defsec_metadata`; of an instruction of a Dockerfile
    under `StartLine` and `EndLine`."""
    span: tuple[int, int] = (0, 0)
    """The lines of all of it, where it is a part of a file."""
    kind: str = ""
    """Of a Kubernetes object, in small letters."""


def plain(folder: str, value: Any) -> Plain | None:
    """Return what a check of one folder of `pratique.checks` is given, as plain data.

    A Compose file is given as a whole: None for each of its services.
    """
    return _FORMS[folder](value)


def _dockerfile(build: Any) -> Plain:
    """Return `Stages[].Commands[]{Cmd,Value,Stage,StartLine,EndLine,Flags,JSON}`.

    What stands before the first FROM is a stage without a name.
    """
    stages: list[dict[str, Any]] = []
    index = -1
    for instruction in build.parsed.instructions:
        if instruction.name == "FROM":
            index += 1
            stages.append({"Name": instruction.text.partition(" ")[2].strip(), "Commands": []})
        elif not stages:
            stages.append({"Name": "", "Commands": []})
        stages[-1]["Commands"].append(_command(instruction, max(index, 0)))
    data = {"Stages": stages}
    return Plain(data, data)


def _command(instruction: Any, stage: int) -> dict[str, Any]:
    name = instruction.name.lower()
    return {
        "Cmd": "onbuild" if instruction.onbuild else name,
        "SubCmd": instruction.name if instruction.onbuild else "",
        "Value": _values(instruction),
        "Flags": [f"--{key}={value}" if value else f"--{key}" for key, value in instruction.flags],
        "JSON": instruction.exec is not None,
        "Original": instruction.text,
        "Stage": stage,
        "StartLine": instruction.start,
        "EndLine": instruction.end,
    }


def _values(instruction: Any) -> list[str]:
    if instruction.exec is not None:
        return list(instruction.exec)
    rest = instruction.rest.strip()
    if instruction.heredocs and instruction.name == "RUN":
        return [heredoc.text.rstrip("\n") for heredoc in instruction.heredocs]
    if instruction.name in _PAIRS:
        return _pairs(rest)
    if instruction.name == "HEALTHCHECK":
        return [part for part in rest.split(None, 1) if part]
    if instruction.name in ("RUN", "CMD", "ENTRYPOINT", "MAINTAINER"):
        return [rest]
    return [word.text for word in instruction.words()]


def _pairs(rest: str) -> list[str]:
    """Return name, value and `=` of each pair; `ENV A b c` is one without `=`."""
    if "=" not in rest.split(None, 1)[0]:
        name, _, value = rest.partition(" ")
        return [name, value.strip(), ""]
    return [text for key, value in _PAIR.findall(rest) for text in (key, value, "=")]


def _project(subject: Any) -> Plain | None:
    if not isinstance(subject, Project):
        return None
    return Plain(_cleaned(subject.top), _located(subject.top))


def _object(part: Any) -> Plain:
    value = part.value
    kind = value.get("kind")
    span = (value.start, value.end)
    return Plain(
        _cleaned(value), _located(value), span, kind.lower() if isinstance(kind, str) else ""
    )  # fmt: skip


def _cleaned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _cleaned(member) for key, member in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value


def _located(value: Any, lines: tuple[int, int] | None = None) -> Any:
    if isinstance(value, Map):
        start, end = lines or (value.start, value.end)
        members = {key: _located(v, value.spans.get(key)) for key, v in value.items()}
        return {**members, LINES: {"startline": start, "endline": end}}
    if isinstance(value, List):
        return [_located(v, span) for v, span in zip(value, value.spans, strict=True)]
    return _cleaned(value)


def _structure(value: Any) -> Plain:
    data = _cleaned(to_builtins(value, str_keys=True, builtin_types=(bytes,)))
    return Plain(data, data)


_FORMS: dict[str, Callable[[Any], Plain | None]] = {
    "dockerfile": _dockerfile, "kubernetes": _object, "compose": _project, "image": _structure,
}  # fmt: skip
FOLDERS: Iterable[str] = tuple(_FORMS)
