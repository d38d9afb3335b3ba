"""A Dockerfile as a build: its stages, what each inherits, and the commands that it runs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from pratique.codecs.dockerfile.expansion import History, expand
from pratique.codecs.dockerfile.ignore import Ignore
from pratique.codecs.dockerfile.images import is_windows, user_of
from pratique.codecs.dockerfile.instructions import Instruction, Parsed
from pratique.codecs.dockerfile.run import Run, Step, options, steps
from pratique.codecs.dockerfile.words import Word
from pratique.errors import MalformedError

_POSIX = ("/bin/sh", "-c")
_PLATFORM = {
    "TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETARCH": "amd64",
    "BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64",
    "TARGETVARIANT": "", "BUILDVARIANT": "",
}  # fmt: skip
"""What BuildKit sets; for which platform makes no difference to what is judged."""
_MOST_STAGES = 500


class Stage(Struct, frozen=True, eq=False):
    """What one FROM begins."""

    index: int
    name: str
    """In lower case; empty where it has none."""
    base: str
    """What it is built from, variables replaced where their values are known."""
    parent: Stage | None
    """The earlier stage that this is."""
    opening: Instruction
    """Its FROM."""
    instructions: tuple[Instruction, ...]
    """Those after FROM."""
    runs: tuple[Run, ...]
    variables: History
    places: Mapping[int, int]
    """Which of `instructions` begins at a line."""
    begins: str | None
    """The working directory of what it is built from; None where that is not known."""

    @property
    def lineage(self) -> Iterator[Stage]:
        """Yield the stage and those that it is built on, itself first."""
        stage: Stage | None = self
        while stage:
            yield stage
            stage = stage.parent

    @property
    def root(self) -> str:
        """The image that it all began with."""
        return list(self.lineage)[-1].base

    @property
    def workdir(self) -> str | None:
        """Return where its containers start; None where the base decides and is not known."""
        return self.workdir_at(len(self.instructions))

    def workdir_at(self, count: int) -> str | None:
        """Return the working directory after so many of its instructions; None: not known."""
        found = self.begins
        for one in self.instructions[:count]:
            if one.name == "WORKDIR" and not one.onbuild and (given := one.words()):
                path = self.expanded(one, given[0].text)
                known = path.startswith("/") or found is not None
                found = posixpath.normpath(posixpath.join(found or "/", path)) if known else None
        return found

    def all(self, *names: str) -> list[Instruction]:
        return [one for one in self.instructions if one.name in names and not one.onbuild]

    def last(self, name: str) -> tuple[Stage, Instruction] | None:
        """Return the instruction that decides, here or in a stage that this is built on."""
        for stage in self.lineage:
            if found := stage.all(name):
                return stage, found[-1]
        return None

    def expanded(self, instruction: Instruction, text: str) -> str:
        """Return a text with the variables that an instruction sees."""
        if "$" not in text:
            return text
        return expand(text, self.variables.before(self.places[instruction.start]))

    @property
    def steps(self) -> Iterator[Step]:
        for run in self.runs:
            yield from run.steps

    @property
    def user(self) -> str | None:
        """Who its containers run as: by USER, else by what is known of the base; None: unknown."""
        if found := self.last("USER"):
            stage, instruction = found
            return stage.expanded(instruction, instruction.words()[0].text)
        return user_of(self.root)


def _no_file(_: str) -> str | None:
    return None


class Use(Struct, frozen=True, eq=False):
    """An image that a build needs."""

    image: str
    instruction: Instruction
    stage: Stage
    is_base: bool
    """Of a FROM, not of a COPY or a mount."""


class Build(Struct, frozen=True, eq=False):
    """A whole Dockerfile, and what lies beside it."""

    parsed: Parsed
    stages: tuple[Stage, ...]
    outer: tuple[Instruction, ...]
    """What stands before the first FROM: ARG."""
    ignore: Ignore | None = None
    beside: frozenset[str] | None = None
    """Names in its folder, which mostly is the context; None where that is not to be had."""
    today: str = ""
    read: Callable[[str], str | None] = _no_file
    """Gives a file of the context by its path; None where there is none, or no context."""

    @property
    def final(self) -> Stage:
        """The stage that is the image, if none is asked for by name."""
        return self.stages[-1]

    @property
    def shipped(self) -> tuple[Stage, ...]:
        """The stages whose layers are in the image."""
        return tuple(self.final.lineage)

    @property
    def runs(self) -> Iterator[Run]:
        for stage in self.stages:
            yield from stage.runs

    @property
    def steps(self) -> Iterator[Step]:
        for run in self.runs:
            yield from run.steps

    @property
    def images(self) -> Iterator[Use]:
        """Yield the images that are needed, each at the place that names it."""
        for stage in self.stages:
            if stage.parent is None and stage.base != "scratch":
                yield Use(stage.base, stage.opening, stage, True)
            for one in stage.all("COPY", "RUN"):
                froms = [value for key, value in one.flags if key == "from"]
                froms += [options(v).get("from", "") for k, v in one.flags if k == "mount"]
                for name in filter(None, froms):
                    expanded = stage.expanded(one, name)
                    if self.stage(expanded) is None and not expanded.isdigit():
                        yield Use(expanded, one, stage, False)

    def stage(self, name: str) -> Stage | None:
        """Return a stage by its name or number."""
        if name.isdigit() and int(name) < len(self.stages):
            return self.stages[int(name)]
        return next((stage for stage in reversed(self.stages) if stage.name == name.lower()), None)


def build(
    parsed: Parsed,
    ignore: Ignore | None = None,
    beside: frozenset[str] | None = None,
    today: str = "",
    read: Callable[[str], str | None] = _no_file,
) -> Build:
    """Return a parsed Dockerfile as a build; raise MalformedError where it has no stage."""
    outer: list[Instruction] = []
    groups: list[list[Instruction]] = []
    for one in parsed.instructions:
        if one.name == "FROM" and not one.onbuild:
            groups.append([one])
        elif groups:
            groups[-1].append(one)
        elif one.name == "ARG":
            outer.append(one)
        else:
            raise MalformedError(f"line {one.start}: {one.name} before the first FROM")
    if not groups:
        raise MalformedError("it has no FROM")
    given = _outer(outer)
    if len(groups) > _MOST_STAGES:
        raise MalformedError(f"it has more than {_MOST_STAGES} stages")
    stages: list[Stage] = []
    for group in groups:
        stages.append(_stage(group, stages, given, parsed.lines))
    return Build(parsed, tuple(stages), tuple(outer), ignore, beside, today, read)


def _outer(instructions: list[Instruction]) -> dict[str, str]:
    given = dict(_PLATFORM)
    for one in instructions:
        for name, value in pairs(one):
            if value is not None:
                given[name] = expand(value, given)
    return given


def _stage(
    group: list[Instruction], stages: list[Stage], outer: Mapping[str, str], lines: tuple[str, ...]
) -> Stage:
    opening, *rest = group
    given = [word.text for word in opening.words()]
    base = expand(given[0], outer)
    name = given[2].lower() if len(given) == 3 and given[1].lower() == "as" else ""
    if len(given) not in (1, 3) or (len(given) == 3 and not name):
        raise MalformedError(f"line {opening.start}: FROM takes an image and `AS name`")
    parent = next((stage for stage in reversed(stages) if stage.name == base.lower()), None)
    variables = _history(rest, outer, parent)
    begins = parent.workdir if parent else "/" if base == "scratch" else None
    places = {one.start: at for at, one in enumerate(rest)}
    runs = tuple(_runs(rest, parent, base, lines))
    return Stage(
        len(stages), name, base, parent, opening, tuple(rest), runs, variables, places, begins
    )


def _history(
    instructions: list[Instruction], outer: Mapping[str, str], parent: Stage | None
) -> History:
    """Return the variables of a stage; build arguments of the outside have to be asked for."""
    history = History(parent.variables if parent else None)
    for at, one in enumerate(instructions):
        if one.name not in ("ENV", "ARG") or one.onbuild:
            continue
        seen = history.before(at)
        for name, value in pairs(one):
            if value is not None:
                history.add(at, name, expand(value, seen))
            elif name in outer and seen.get(name) is None:
                history.add(at, name, outer[name])
    return history


def pairs(instruction: Instruction) -> list[tuple[str, str | None]]:
    """Return the names and values of ENV, ARG or LABEL; None where an ARG has no default."""
    given = instruction.words()
    if instruction.name in ("ENV", "LABEL") and given and "=" not in given[0].text:
        value = instruction.text[given[0].end :].strip()
        return [(given[0].text, value)]
    return [
        (name, value if equals else None)
        for name, equals, value in (word.text.partition("=") for word in given)
    ]


def _runs(
    instructions: list[Instruction], parent: Stage | None, base: str, lines: tuple[str, ...]
) -> Iterator[Run]:
    shell: tuple[str, ...] = ("cmd", "/S", "/C") if is_windows(base) else _POSIX
    if parent:
        shell = parent.runs[-1].shell if parent.runs else shell
        changes = parent.all("SHELL")
        shell = (changes[-1].exec or shell) if changes else shell
    for one in instructions:
        if one.name == "SHELL" and one.exec:
            shell = one.exec
        elif one.name == "RUN":
            mounts = tuple(options(value) for key, value in one.flags if key == "mount")
            yield Run(one, steps(one, shell, lines), shell, mounts)


def sources(instruction: Instruction) -> tuple[list[Word], Word | None]:
    """Return what ADD or COPY copies, here-documents left out, and where to."""
    given = instruction.words()
    if not given:
        return [], None
    *from_, to = given
    return [word for word in from_ if not word.text.startswith("<<")], to
