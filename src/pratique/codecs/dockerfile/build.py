"""A Dockerfile as a build: its stages, what each inherits, and the commands that it runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from pratique.codecs.dockerfile.calls import Call, call
from pratique.codecs.dockerfile.expansion import History, expand
from pratique.codecs.dockerfile.ignore import Ignore
from pratique.codecs.dockerfile.images import is_windows, user_of
from pratique.codecs.dockerfile.instructions import Heredoc, Instruction, Parsed
from pratique.codecs.dockerfile.shell import SHELLS, Command, commands, of_words
from pratique.codecs.dockerfile.words import Word
from pratique.errors import MalformedError
from pratique.model.check import Edit

_POSIX = ("/bin/sh", "-c")
_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-S\s+)?)?(\S+)")
_PLATFORM = {
    "TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETARCH": "amd64",
    "BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64",
    "TARGETVARIANT": "", "BUILDVARIANT": "",
}  # fmt: skip
"""What BuildKit sets; for which platform makes no difference to what is judged."""
_MOST_STAGES = 500
_MOST_STEPS = 10_000  # of one RUN
_LONGEST_LINE = 4000  # of one that a fix is worth writing out for


class Step(Struct, frozen=True, eq=False):
    """One command of a RUN."""

    command: Command
    call: Call | None
    """It as a call of a known package manager or download tool."""
    instruction: Instruction
    script: Heredoc | None
    """The here-document that it is in."""
    lines: tuple[str, ...]
    """Those of the whole file."""

    @property
    def start(self) -> int:
        """The line that it begins at."""
        return self._place(self.command.start)[0]

    @property
    def end(self) -> int:
        """The line that it ends at."""
        return max(self.start, self._place(max(self.command.end - 1, self.command.start))[0])

    def replaced(self, word: Word, text: str) -> Edit | None:
        """Return the fix that puts a text in the place of a word; None where that is not plain."""
        line, column = self._place(word.start)
        whole = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        end = column + word.end - word.start
        in_place = self.command.exact and not word.quoted and whole[column:end] == word.text
        if not in_place or len(whole) > _LONGEST_LINE:
            return None
        return Edit(line, line, whole[:column] + text + whole[end:])

    def appended(self, word: Word, text: str) -> Edit | None:
        """Return the fix that puts a text right after a word."""
        return self.replaced(word, word.text + text)

    def _place(self, offset: int) -> tuple[int, int]:
        if self.instruction.exec is not None:
            return self.instruction.start, 0
        if self.script is None:
            return tuple(self.instruction.place(offset))  # type: ignore[return-value]
        before = self.script.text[:offset]
        return self.script.start + before.count("\n"), offset - before.rfind("\n") - 1


class Run(Struct, frozen=True, eq=False):
    """A RUN instruction."""

    instruction: Instruction
    steps: tuple[Step, ...]
    shell: tuple[str, ...]
    mounts: tuple[Mapping[str, str], ...] = ()

    @property
    def pipefail(self) -> bool:
        """Whether its shell is one that fails where any part of a pipeline does."""
        return "pipefail" in " ".join(self.shell)

    def ending(self, text: str) -> Edit | None:
        """Return the fix that adds a command at the end; None where that is not plain."""
        one = self.instruction
        if one.heredocs or one.exec is not None or one.rest.rstrip()[-1:] in ("", ";", "&", "|"):
            return None
        lines = self.steps[0].lines if self.steps else ()
        line = one.place(len(one.text) - 1).line
        if not lines or one.text[-20:] not in lines[line - 1] or "#" in lines[line - 1]:
            return None
        at = lines[line - 1].rfind(one.text[-20:]) + len(one.text[-20:])
        return Edit(line, line, f"{lines[line - 1][:at]} && {text}{lines[line - 1][at:]}")

    def caches(self, folder: str) -> bool:
        """Tell whether a folder is a cache mount or a tmpfs, which leaves nothing in the layer."""
        targets = (
            mount.get("target", mount.get("dst", mount.get("destination", ""))).rstrip("/")
            for mount in self.mounts
            if mount.get("type") in ("cache", "tmpfs")
        )
        return any(target and (folder + "/").startswith(target + "/") for target in targets)


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
                froms += [_options(v).get("from", "") for k, v in one.flags if k == "mount"]
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
    return Build(parsed, tuple(stages), tuple(outer), ignore, beside, today)


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
            mounts = tuple(_options(value) for key, value in one.flags if key == "mount")
            steps = tuple(islice(_steps(one, shell, lines), _MOST_STEPS + 1))
            if len(steps) > _MOST_STEPS:
                raise MalformedError(f"line {one.start}: more than {_MOST_STEPS} commands")
            yield Run(one, steps, shell, mounts)


def _options(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in value.split(","):
        key, _, given = part.partition("=")
        found[key.strip().lower()] = given.strip().strip("\"'")
    return found


def _steps(
    instruction: Instruction, shell: tuple[str, ...], lines: tuple[str, ...]
) -> Iterator[Step]:
    if instruction.exec is not None:
        for one in of_words(instruction.exec):
            yield Step(one, call(one), instruction, None, lines)
        return
    if shell[0].rpartition("/")[2] not in SHELLS:
        return  # of PowerShell or cmd nothing is judged
    blank = " " * instruction.arguments  # so that offsets are those of the whole instruction
    given = commands(blank + instruction.rest)
    for one in given:
        yield Step(one, call(one), instruction, None, lines)
    for heredoc, interpreter in _scripts(instruction, given):
        if interpreter in SHELLS:
            for one in commands(heredoc.text):
                yield Step(one, call(one), instruction, heredoc, lines)


def _scripts(instruction: Instruction, given: list[Command]) -> Iterator[tuple[Heredoc, str]]:
    """Yield the here-documents that are run, with the name of what runs them."""
    if not instruction.heredocs:
        return
    if not given:  # RUN <<EOF
        first = instruction.heredocs[0]
        match = _SHEBANG.match(first.text)
        yield first, match[1] if match else "sh"
    elif not given[0].args and len(given) == 1:  # RUN bash <<EOF
        yield instruction.heredocs[0], given[0].name


def sources(instruction: Instruction) -> tuple[list[Word], Word | None]:
    """Return what ADD or COPY copies, here-documents left out, and where to."""
    given = instruction.words()
    if not given:
        return [], None
    *from_, to = given
    return [word for word in from_ if not word.text.startswith("<<")], to
