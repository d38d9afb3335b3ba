"""Comments in a file that say what is not to be reported there: ours, Trivy's and hadolint's.

`# pratique:ignore DF-0002,K8S-0017 reason: the proxy drops it until: 2027-01-31`
`# trivy:ignore:DS-0002:exp:2027-01-31 trivy:ignore:DS-0005`
`# hadolint ignore=DL3002`, `# hadolint global ignore=DL3006`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Dialect = Literal["pratique", "trivy", "hadolint", "hadolint global"]

EVERY = "*"
"""Stands for all ids, in Trivy's comments."""

_ANY = re.compile(r"pratique[:/]ignore|trivy:ignore:|hadolint", re.IGNORECASE)
_OURS = re.compile(r"(?:#|//|/\*|<!--)\s*pratique:ignore\b[ \t:=]*(.*)$")
_ANNOTATION = re.compile(r"^\s*[\"']?pratique/ignore[\"']?\s*:\s*[\"']?([^\"'#]*)")
_TRIVY = re.compile(
    r"(?:#|//)\s*(?=trivy:ignore:)(.*)$"
)  # fmt: skip
_TRIVY_ID = re.compile(r"trivy:ignore:([\w*.-]+)((?:\[[^\]]*\]|:(?:exp|ws):[^\s:]+)*)")
_HADOLINT = re.compile(r"#\s*hadolint\s+(global\s+)?ignore\s*=\s*([\w,\s]+)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LONGEST = 2000  # a line that is longer is no comment that somebody wrote


class Suppression(Struct, frozen=True):
    """One comment; `problem` says why it cannot be followed."""

    line: int
    """From 1."""
    ids: tuple[str, ...]
    dialect: Dialect
    reason: str = ""
    until: str = ""
    """The first day, `YYYY-MM-DD`, on which it no longer applies."""
    annotation: bool = False
    """It is a Kubernetes annotation, `pratique/ignore: …`, for the whole object."""
    problem: str = ""


def suppressions(text: str) -> list[Suppression]:
    """Return the comments of a text that ask for silence, in the order of their lines."""
    if not _ANY.search(text):
        return []
    return [
        found
        for number, line in enumerate(text.split("\n"), 1)
        if len(line) <= _LONGEST and _ANY.search(line)
        for found in _of_line(line.rstrip("\r"), number)
    ]


def _of_line(line: str, number: int) -> Iterator[Suppression]:
    if match := _OURS.search(line):
        yield _ours(re.sub(r"\s*(\*/|-->)\s*$", "", match[1]), number)
    elif match := _ANNOTATION.match(line):
        yield _ours(match[1], number, annotation=True)
    if match := _TRIVY.search(line):
        for id, options in _TRIVY_ID.findall(match[1]):
            yield _trivy(id, options, number)
    if match := _HADOLINT.search(line):
        ids = tuple(re.findall(r"\w+", match[2]))
        yield Suppression(number, ids, "hadolint global" if match[1] else "hadolint")


def _ours(words: str, number: int, *, annotation: bool = False) -> Suppression:
    first, *rest = re.split(r"(?:^|\s)(reason|until):", words)
    said = dict(zip(rest[::2], (value.strip() for value in rest[1::2]), strict=True))
    ids = tuple(re.findall(r"[^\s,;]+", first))
    until, problem = said.get("until", ""), ""
    if until and not _DATE.fullmatch(until):
        problem = f"{until!r} is no date (until: YYYY-MM-DD)"
    elif not ids:
        problem = "it names no check"
    elif EVERY in ids:
        problem = "`*` is not enough: name the checks"
    return Suppression(number, ids, "pratique", said.get("reason", ""), until, annotation, problem)


def _trivy(id: str, options: str, number: int) -> Suppression:
    until, problem = "", ""
    for option in re.findall(r"\[[^\]]*\]|:(?:exp|ws):[^\s:]+", options):
        if not option.startswith(":exp:"):
            problem = f"{option.lstrip(':')} cannot be followed here"
        elif _DATE.fullmatch(option[5:]):
            until = option[5:]
        else:
            problem = f"{option[5:]!r} is no date (exp:YYYY-MM-DD)"
    return Suppression(number, (id,), "trivy", until=until, problem=problem)
