"""Part a Dockerfile of one stage in two: one that builds, one that runs what comes of it.

All that stands there stays, as the stage that builds; the stage that runs is put after the last
instruction that changes files. What a container is started with stands after that, or is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pratique.codecs.dockerfile.build import Stage
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.recommended import needed
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.situation import Situation, started, words_of, written
from pratique.model.check import Edit

_CHANGE = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
_REPEATED = frozenset({
    "ARG", "ENV", "LABEL", "EXPOSE", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "CMD", "ENTRYPOINT",
    "WORKDIR",
})  # fmt: skip
_SYSTEM = frozenset({"usr", "etc", "var", "root", "bin", "lib"})
_MANAGERS = ("apt-get", "apt", "apk")
_TOOLS = re.compile(
    r"gcc|g\+\+|make|automake|autoconf|cmake|ninja-build|pkg-config|pkgconf|build-essential|build-base"
    r"|clang|rustc|cargo|libc6-dev|libc-dev|musl-dev|linux-headers|python3-dev|gfortran|patch"
)
_NAME = re.compile(r"(?P<from>\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+))(?P<name>\s+AS\s+\S+)?",
                   re.IGNORECASE)  # fmt: skip


class Bench(Struct, frozen=True):
    """A Dockerfile that can be parted, and what its commands install."""

    situation: Situation
    stage: Stage
    workdir: str
    at: int
    """How many instructions belong to the stage that builds."""
    tools: tuple[str, ...]
    """Packages that are there for building alone."""
    kept: tuple[str, ...]
    """Packages of the distribution that what runs needs, or may need."""
    others: tuple[Step, ...]
    """Commands that are not of a package manager of the distribution."""
    manager: str

    @property
    def programs(self) -> list[list[str]]:
        """The words of the ENTRYPOINT and the CMD."""
        return [words_of(one) for one in started(self.stage)]


def bench(situation: Situation) -> Bench | str:
    """Return how a Dockerfile is parted, or why it is not."""
    made = situation.made
    if len(made.stages) != 1:
        return "it has several stages"
    stage = made.final
    at = max((n for n, one in enumerate(stage.instructions, 1) if one.name in _CHANGE), default=0)
    if why := _hindrance(stage, at):
        return why
    found = _packages(situation, stage)
    if isinstance(found, str):
        return found
    tools, kept, others, manager = found
    assert stage.workdir, "it is known, else there is a hindrance"
    return Bench(
        situation, stage, stage.workdir, at, tuple(tools), tuple(kept), tuple(others), manager
    )


def _hindrance(stage: Stage, at: int) -> str:
    if why := _of_workdir(stage, at):
        return why
    return next(filter(None, (_odd(stage, one) for one in stage.instructions[:at])), "")


def _of_workdir(stage: Stage, at: int) -> str:
    if not started(stage):
        return "it starts nothing of its own"
    if not stage.workdir or stage.workdir == "/" or stage.workdir.count("/") > 6:
        return "it has no WORKDIR"
    is_source = stage.workdir.startswith("/usr/src/")
    if not is_source and stage.workdir.split("/")[1] in _SYSTEM:
        return "its WORKDIR is the distribution's"
    if len({stage.workdir_at(n) for n in range(at + 1)} - {stage.begins}) > 1:
        return "it changes its WORKDIR"
    return ""


def _odd(stage: Stage, one: Instruction) -> str:
    """Return what an instruction does that another stage would not take over."""
    if one.onbuild or one.name in ("USER", "SHELL", "MAINTAINER"):
        return f"line {one.start}: {'ONBUILD' if one.onbuild else one.name} before the last RUN"
    if one.heredocs or one.flag("chown") or (one.name in ("COPY", "ADD") and one.flag("from")):
        return f"line {one.start} does more than its like"
    if one.name == "ADD":
        return f"line {one.start}: what ADD unpacks is not known"
    if one.name == "COPY" and not _is_inside(stage, one):
        return f"line {one.start} copies out of the WORKDIR"
    return ""


def _is_inside(stage: Stage, copy: Instruction) -> bool:
    words = copy.words()
    to = stage.expanded(copy, words[-1].text) if words else ""
    before = stage.workdir_at(stage.places[copy.start])
    return is_inside(before or "", to) and before == stage.workdir


def is_inside(workdir: str, path: str) -> bool:
    """Tell whether a path is in the working directory."""
    if "$" in path or "~" in path or ".." in path.split("/"):
        return False
    return not path.startswith("/") or (path.rstrip("/") + "/").startswith(
        workdir.rstrip("/") + "/"
    )


_Found = tuple[list[str], list[str], list[Step], str]


def _packages(situation: Situation, stage: Stage) -> _Found | str:
    """Part what is installed in tools and the rest; a reason where that cannot be told."""
    tools: dict[str, None] = {}
    kept: dict[str, None] = {}
    others: list[Step] = []
    manager = ""
    for step in stage.steps:
        call = step.call
        if step.command.name == "rm" and "/var/lib/apt/lists" in " ".join(step.command.args):
            continue
        if call is None or call.tool not in _MANAGERS:
            others.append(step)
            continue
        manager = "apk" if call.tool == "apk" else "apt-get"
        if not call.installs and call.action not in ("update", "clean", "autoclean"):
            return f"line {step.start}: {call.tool} {call.action}"
        if call.installs and call.has("-t", "--virtual", "--target-release", "-X", "--repository"):
            return f"line {step.start}: {call.tool} {call.action} with options of its own"
        for word in call.operands if call.installs else ():
            if "$" in word.text or word.text.startswith((".", "/")):
                return f"line {step.start}: what is installed is not written there"
            is_tool = _TOOLS.fullmatch(plain(word.text)) or plain(word.text).endswith("-dev")
            (tools if is_tool else kept)[word.text] = None
    libraries = [name for name in tools if not _TOOLS.fullmatch(plain(name))]
    running = _running(situation, libraries)
    if isinstance(running, str):
        return running
    compiled = _of_compilers(situation, {plain(name) for name in tools}, manager)
    if isinstance(compiled, str):
        return compiled
    every = [*kept, *_beside(stage, kept), *running, *compiled]
    return list(tools), list(dict.fromkeys(every)), others, manager


def _beside(stage: Stage, kept: Iterable[str]) -> Iterator[str]:
    """Yield what came by recommendation, and would not in the stage that runs."""
    calls = [step.call for step in stage.steps if step.call and step.call.installs]
    if any(one.tool in ("apt", "apt-get") and not one.has("--no-install-recommends")
           for one in calls):  # fmt: skip
        for name in kept:
            yield from needed(name, kept)


def plain(package: str) -> str:
    """Return a package's name without its version and architecture."""
    return re.split(r"[=<>~:@]", package, maxsplit=1)[0]


def _running(situation: Situation, libraries: Sequence[str]) -> list[str] | str:
    """Return the packages to run what was built against libraries: of one source, in the image.

    What the base has already is not named.
    """
    if not libraries:
        return []
    names = {plain(name) for name in libraries}
    own = list(situation.own)
    sources = {p.name: p.source or p.name for p in own}
    unknown = sorted(names - sources.keys())
    if unknown:
        return f"which libraries {unknown[0]} is for is not known (no scan of the image has it)"
    wanted = {sources[name] for name in names}
    return sorted({p.name for p in own if sources[p.name] in wanted and _runs(p.name)})


def _of_compilers(situation: Situation, tools: set[str], manager: str) -> list[str] | str:
    """Return the libraries that programs need by the compiler alone, where the base has none.

    Debian has those of C and C++ in each image, for apt needs them; Node's images have them too,
    and Go and Java leave them behind.
    """
    base = reference(situation.made.final.root)
    if not base or base.repository != "library/python":
        return []
    if manager == "apk":
        found = ["libstdc++", "libgcc"] if tools & {"g++", "build-base", "clang"} else []
        return [*found, *["libgfortran"] * ("gfortran" in tools)]
    if "gfortran" not in tools:
        return []
    own = [p.name for p in situation.own if re.fullmatch(r"libgfortran\d+", p.name)]
    return own or "which library Fortran's programs need is not known (no scan of the image has it)"


def _runs(name: str) -> bool:
    return not re.search(r"-(?:dev|doc|dbg|dbgsym|common|bin|utils?|tools?|static)$", name)


def parted(
    bench: Bench,
    base: str,
    extra: Sequence[str],
    prepared: Iterable[Edit] = (),
    closing: Sequence[str] = (),
) -> tuple[Edit, ...]:
    """Return the edits: a name for the stage that builds, and the stage that runs.

    `base` is what that is built from, as it is written; `extra` are its lines before what is
    started, `closing` the last ones of the stage that builds.
    """
    made, stage = bench.situation.made, bench.stage
    opening = "\n".join(made.parsed.lines[stage.opening.start - 1 : stage.opening.end])
    match = _NAME.match(opening)
    assert match, "it is the FROM of a stage"
    rest = opening[match.end() :]
    named = Edit(
        stage.opening.start, stage.opening.end, f"{match['from']} AS {name_of(bench)}{rest}"
    )
    last = stage.instructions[bench.at - 1]
    lines = [
        *closing,
        "",
        f"FROM {base}{match['name'] or ''}",
        *_repeated(bench),
        *_installed(bench),
        *extra,
    ]
    put = Edit(last.end + 1, last.end, written(made, *lines))
    return named, *prepared, put


def name_of(bench: Bench) -> str:
    """Return what the stage that builds is called."""
    return "builder" if bench.stage.name == "build" else "build"


def same_base(bench: Bench) -> str:
    """Return what FROM names, as it is written."""
    made, stage = bench.situation.made, bench.stage
    lines = made.parsed.lines[stage.opening.start - 1 : stage.opening.end]
    match = _NAME.match("\n".join(lines))
    flags = [f"--{key}={value} " for key, value in stage.opening.flags]
    return "".join(flags) + (match["image"] if match else stage.base)


def _repeated(bench: Bench) -> Iterator[str]:
    """Yield what the stage that runs takes over, line by line as it stands there."""
    for one in bench.stage.instructions[: bench.at]:
        if one.name in _REPEATED:
            lines = bench.situation.made.parsed.lines[one.start - 1 : one.end]
            yield from (line.removesuffix("\r") for line in lines)


def _installed(bench: Bench) -> Iterator[str]:
    names = " ".join(bench.kept)
    if names and bench.manager == "apk":
        yield f"RUN apk add --no-cache {names}"
    elif names:
        yield (f"RUN apt-get update && apt-get install -y --no-install-recommends {names} "
               "&& rm -rf /var/lib/apt/lists/*")  # fmt: skip


def before(bench: Bench, step: Step, *lines: str) -> Edit:
    """Return the edit that puts lines before the instruction of a command."""
    start = step.instruction.start
    return Edit(start, start - 1, written(bench.situation.made, *lines))
