"""Tell which instruction of a Dockerfile made which layer, by the image's history.

BuildKit and the classic builder write down what made each layer, the one with the instruction's
name, the other with the shell that ran it. The history of the base comes first; the rest is held
against the instructions of each stage, in order, by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pratique.codecs.dockerfile.build import Build, Stage, build
from pratique.codecs.dockerfile.instructions import Instruction, parse
from pratique.errors import MalformedError
from pratique.model.image import Image
from pratique.model.origin import Origin

_SHELL = re.compile(r"^(?:\|\d+ (?:.*? )?)?(?:/\S*/)?(?:ba|a|da|z)?sh (?:-\S+ )*?-\S*c ?")
_NOP = re.compile(r"^#\(nop\)\s*")
_WORD = re.compile(r"[\w./=:@+-]{2,}")
_NAMES = ("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL",
          "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME",
          "WORKDIR")  # fmt: skip
_LEAST = 0.3
"""Of their words that an instruction and a step of the history share."""
_MOST_STEPS = 500
_MOST_WORDS = 4000


class _Step(Struct, frozen=True):
    """A step of the history, or an instruction: its name and words."""

    name: str
    words: frozenset[str]
    last: str
    """The last word: where COPY and ADD copy to."""
    layer: int = -1


def origins(image: Image, text: str, path: str) -> dict[int, Origin]:
    """Return which instruction made each layer, by the layer's index; none where nothing fits.

    Layers beneath the first that fits are FROM's. Raises MalformedError for what is no Dockerfile.
    """
    try:
        made = build(parse(text))
    except MalformedError as error:
        raise MalformedError(error.reason, path) from error
    history = _history(image)
    best: tuple[float, Stage, dict[int, Instruction]] | None = None
    for stage in made.stages:
        instructions = _instructions(stage)
        score, pairs = _aligned(history, [_of_instruction(stage, one) for one in instructions])
        matched = {history[a].layer: instructions[b] for a, b in pairs if history[a].layer >= 0}
        if matched and (best is None or score >= best[0]):
            best = score, stage, matched
    return _named(made, best[1], best[2], path) if best else {}


def _named(
    made: Build, stage: Stage, matched: dict[int, Instruction], path: str
) -> dict[int, Origin]:
    opening = list(stage.lineage)[-1].opening
    beneath = dict.fromkeys(range(min(matched)), opening)
    lines = made.parsed.lines
    return {
        layer: Origin(path, one.start, one.end, one.name, lines[one.start - 1 : one.end])
        for layer, one in (beneath | matched).items()
    }


def _instructions(stage: Stage) -> list[Instruction]:
    """Return what makes an image up to a stage, in order."""
    stages = reversed(list(stage.lineage))
    every = [one for part in stages for one in part.instructions if not one.onbuild]
    return every[-_MOST_STEPS:]


def _of_instruction(stage: Stage, one: Instruction) -> _Step:
    """Return an instruction as it may stand in a history: with its variables replaced."""
    text = one.rest
    owner = next((s for s in stage.lineage if one.start in s.places), stage)
    if one.name != "RUN":
        text = owner.expanded(one, text)
    scripts = " ".join(script.text for script in one.heredocs)
    return _step(one.name, f"{text} {scripts}")


def _history(image: Image) -> list[_Step]:
    """Return the steps of an image's history, each with the layer that it made, if it made one."""
    found = image.config.get("history")
    steps: list[_Step] = []
    layer = 0
    for entry in found if isinstance(found, list) else []:
        if not isinstance(entry, dict):
            continue
        made = -1 if entry.get("empty_layer") else layer
        layer += made >= 0
        name, text = _said(str(entry.get("created_by") or ""))
        steps.append(_step(name, text, made))
    return steps[-_MOST_STEPS:]


def _said(created_by: str) -> tuple[str, str]:
    """Return the instruction and its words, out of what a builder wrote down."""
    text = created_by.removesuffix("# buildkit").strip()
    name, _, rest = text.partition(" ")
    if name in _NAMES:
        return name, _SHELL.sub("", rest.lstrip(), count=1) if name == "RUN" else rest
    command = _SHELL.sub("", text, count=1)
    if plain := _NOP.match(command):
        name, _, rest = command[plain.end() :].partition(" ")
        return name, rest
    return ("RUN", command) if command != text else ("", text)


def _step(name: str, text: str, layer: int = -1) -> _Step:
    words = _WORD.findall(text[: _MOST_WORDS * 8])[:_MOST_WORDS]
    last = text[-1000:].split()[-1:]
    return _Step(name, frozenset(words), last[0].rstrip("/") if last else "", layer)


def _likeness(a: _Step, b: _Step) -> float:
    """Return how alike a step and an instruction are, 0 to 1."""
    if a.name != b.name:
        return 0.0
    if a.name in ("COPY", "ADD") and any(word.startswith(("file:", "dir:", "multi:"))
                                         for word in a.words):  # fmt: skip
        return 0.9 if a.last == b.last else 0.0  # the classic builder tells the content's digest
    if not a.words or not b.words:
        return 1.0 if a.words == b.words else 0.0
    return len(a.words & b.words) / len(a.words | b.words)


def _aligned(
    history: Sequence[_Step], instructions: Sequence[_Step]
) -> tuple[float, list[tuple[int, int]]]:
    """Return the best sum of likenesses that keeps both orders, and the pairs that make it."""
    rows, columns = len(history), len(instructions)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    alike = [[_likeness(a, b) for b in instructions] for a in history]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            pair = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= _LEAST else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    return best[0][0], list(_walk(best, alike))


def _walk(
    best: Sequence[Sequence[float]], alike: Sequence[Sequence[float]]
) -> Iterable[tuple[int, int]]:
    i, j = 0, 0
    while i < len(alike) and alike and j < len(alike[0]):
        if alike[i][j] >= _LEAST and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
