"""The labelled set: true secrets in what carries them, and near misses, made anew from a seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, cycle
from typing import NamedTuple

from secret_samples.carriers import BARE, CARRIERS, carried
from secret_samples.drawing import Draw
from secret_samples.formats.clouds import FORMATS as CLOUDS
from secret_samples.formats.code import FORMATS as CODE
from secret_samples.formats.documents import DOCUMENTS
from secret_samples.formats.services import FORMATS as SERVICES

_A_RULE = 3
"""Samples of a rule, at least."""
_NAMES = ("API_TOKEN", "SERVICE_KEY", "ACCESS_SECRET")
_RUN = re.compile(r"«([a-zA-Z])([0-9]+)»")
_CHECKED = ("github", "gitlab ", "grafana", "age", "xprv", "pypi")
_PASSWORDS = ("${DB_PASSWORD}", "changeme", "<password>", "your-password-here", "xxxxxxxxxxxx")


class Sample(NamedTuple):
    rule: str
    path: str
    text: str


def rows(table: str, columns: int = -1) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [part.strip(" ") for part in line.split(" | ", columns - 1 if columns > 0 else -1)]


def samples(seed: int = 1) -> Iterator[Sample]:
    """Yield true secrets: each format of each rule, and at least three of a rule."""
    draw = Draw(seed)
    carriers = cycle(CARRIERS)
    bare = cycle(BARE)
    for rule, name, *formats in _tokens():
        for number, format in zip(range(max(_A_RULE, len(formats))), cycle(formats)):
            path, text = next(carriers)
            if name == "-" and number == 1:
                path, text = next(bare)
            given = _NAMES[number % 3] if name == "-" else name
            yield Sample(rule, path, carried(text, given, draw.fill(format)))
    by_rule: dict[str, list[list[str]]] = {}
    for rule, path, text in rows(DOCUMENTS, 3):
        by_rule.setdefault(rule, []).append([path, text])
    for rule, documents in by_rule.items():
        for _, (path, text) in zip(range(max(_A_RULE, len(documents))), cycle(documents)):
            yield Sample(rule, path, _lines(draw, text))


def near_misses(seed: int = 2) -> Iterator[Sample]:
    """Yield what is none: too short, a placeholder, a wrong checksum."""
    draw = Draw(seed)
    carriers = cycle(CARRIERS)
    for rule, name, *formats in _tokens():
        for format in formats:
            for wrong in _wrong(draw, format):
                path, text = next(carriers)
                yield Sample(rule, path, carried(text, name.replace("-", "API_TOKEN"), wrong))
    for rule, path, text in rows(DOCUMENTS, 3):
        for placeholder in _PASSWORDS:
            missing = _RUN.sub(lambda _: placeholder, text)  # noqa: B023 - used at once
            if missing != text and missing.count(placeholder) == text.count("«"):
                yield Sample(rule, path, _lines(draw, missing))


def _tokens() -> Iterator[list[str]]:
    for table in (CLOUDS, CODE, SERVICES):
        yield from rows(table)


def _wrong(draw: Draw, format: str) -> Iterator[str]:
    if "«base64" in format or "«jwt" in format:
        return  # what is drawn in there may be anything
    runs = [int(length) for _, length in _RUN.findall(format)]
    if runs:
        longest = max(runs)
        yield draw.fill(re.sub(rf"«(\w){longest}»", r"«\g<1>4»", format, count=1))
        yield draw.fill(_RUN.sub(lambda run: "x" * int(run[2]), format))
    if any(f"«{kind}" in format for kind in _CHECKED):
        true = draw.fill(format)
        for at in count(12):
            if true[at].isalnum():
                yield true[:at] + ("q" if true[at] != "q" else "r") + true[at + 1 :]
                return


def _lines(draw: Draw, text: str) -> str:
    return draw.fill(
        text.replace(r"\\n", "\0").replace(r"\n", "\n").replace(r"\t", "\t").replace("\0", r"\n")
    )
