"""Python: compilers stay in the stage that makes a virtual environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.situation import Situation
from pratique.codecs.dockerfile.splitting import (
    Bench,
    before,
    bench,
    is_inside,
    name_of,
    parted,
    same_base,
)
from pratique.model.habit import Habit, Proposal

_PLACE = "/opt/venv"
_PROGRAM = re.compile(r"python(?:3(?:\.\d+)?)?|[a-z][\w-]*")
_BESIDE = ("--user", "--target", "-t", "--prefix", "--root", "--python")
_QUIET = frozenset({"mkdir", "chmod", "touch"})
_RISK = ("commands with a path of their own to Python (/usr/local/bin/python) do not see the "
         "environment; OpenMP's library (libgomp1) is not there unless installed")  # fmt: skip


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    base = reference(made.final.root)
    pips = [step for step in made.final.steps if step.call and step.call.tool == "pip"]
    if not base or base.repository != "library/python" or not pips or len(made.stages) != 1:
        return
    given = bench(situation)
    if isinstance(given, str):
        if any(step.call and step.call.installs and "gcc" in step.command.args
               for step in made.final.steps):  # fmt: skip
            yield Proposal(f"build in an earlier stage, COPY --from it (not written: {given})")
        return
    if not given.tools:
        return
    if why := _hindrance(given):
        tools = ", ".join(given.tools[:4])
        yield Proposal(
            f"{tools} for building alone: build in an earlier stage (not written: {why})"
        )
        return
    yield _split(given, pips[0])


def _hindrance(given: Bench) -> str:
    for step in given.others:
        if step.call and step.call.tool == "pip":
            if step.call.action != "install" or step.call.has(*_BESIDE):
                return f"line {step.start}: pip with a place of its own"
        elif step.command.name not in _QUIET or not all(
            is_inside(given.workdir, arg) for arg in step.command.args if not arg.startswith("-")
        ):
            return f"line {step.start}: what {step.command.name[:40]} changes is not known"
    for words in given.programs:
        if not words or not _PROGRAM.fullmatch(words[0]):
            return f"it starts {words[0] if words else 'nothing'}"
    return ""


def _split(given: Bench, first: Step) -> Proposal:
    environment = f'ENV PATH="{_PLACE}/bin:$PATH"'
    copies = [f"COPY --from={name_of(given)} {path} {path}" for path in (_PLACE, given.workdir)]
    edits = parted(given, same_base(given), [*copies, environment],
                   [before(given, first, f"RUN python -m venv {_PLACE}", environment)])  # fmt: skip
    few = ", ".join(given.tools[:4])
    return Proposal(f"{few} only in a stage that builds; a virtual environment comes of it", _RISK,
                    edits)  # fmt: skip


habit = Habit("python stages", 10, _propose)
