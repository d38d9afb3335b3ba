"""Python: compilers stay in the stage that makes a virtual environment."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import pairs
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
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON")
_OWN_PATH = re.compile(r"/usr/local/(?:bin/\w|lib/python)")
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
            is_inside(given.workdir, given.stage.expanded(step.instruction, arg))
            for arg in step.command.args
            if not arg.startswith("-")
        ):
            return f"line {step.start}: what {step.command.name[:40]} changes is not known"
    if why := _elsewhere(given):
        return why
    first = next(filter(None, given.programs), [""])[0]  # what follows are its arguments
    return "" if _PROGRAM.fullmatch(first) else f"it starts {first or 'nothing'}"


def _elsewhere(given: Bench) -> str:
    """Return what names another place of packages than the environment."""
    for one in given.stage.instructions:
        given_here = [name for name, _ in pairs(one)] if one.name in ("ENV", "ARG") else []
        if found := [name for name in given_here if name in _ELSEWHERE]:
            return f"line {one.start}: {found[0]} is a place of its own"
        if one.name != "LABEL" and _OWN_PATH.search(one.rest):
            return f"line {one.start} names what is in /usr/local"
    read, names = given.situation.made.read, given.situation.names or ()
    ran = [posixpath.normpath(word) for words in given.programs for word in words]
    scripts = [word for word in ran if word in names]
    found = [name for name in scripts if _OWN_PATH.search(read(name) or "")]
    return f"{found[0]} names what is in /usr/local" if found else ""


def _split(given: Bench, first: Step) -> Proposal:
    environment = f'ENV PATH="{_PLACE}/bin:$PATH"'
    copies = [f"COPY --from={name_of(given)} {path} {path}" for path in (_PLACE, given.workdir)]
    edits = parted(given, same_base(given), [*copies, environment],
                   [before(given, first, f"RUN python -m venv {_PLACE}", environment)])  # fmt: skip
    few = ", ".join(given.tools[:4])
    return Proposal(f"{few} only in a stage that builds; a virtual environment comes of it", _RISK,
                    edits)  # fmt: skip


habit = Habit("python stages", 10, _propose)
