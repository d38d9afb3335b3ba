"""The commands of a RUN, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.dockerfile.calls import Call, call
from pratique.codecs.dockerfile.instructions import Heredoc, Instruction
from pratique.codecs.dockerfile.shell import SHELLS, Command, commands, of_words
from pratique.codecs.dockerfile.words import Word
from pratique.errors import MalformedError
from pratique.model.check import Edit

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-S\s+)?)?(\S+)")
_MOST = 10_000  # of one RUN
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

    def extended(self, parts: Iterable[tuple[Word, str]]) -> Edit | None:
        """Return the fix that puts a text right after each of some words, which may be on several
        lines; None where one of them is not plain.
        """
        now = self.lines
        changed: list[int] = []
        for word, text in sorted(parts, key=lambda part: -part[0].start):  # what is left stays put
            edit = replace(self, lines=now).appended(word, text)
            if edit is None:
                return None
            now = (*now[: edit.start - 1], edit.text, *now[edit.end :])
            changed.append(edit.start)
        first, last = min(changed), max(changed)
        return Edit(first, last, "\n".join(now[first - 1 : last]))

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


def options(value: str) -> dict[str, str]:
    """Return the keys and values of a flag like `--mount`."""
    found: dict[str, str] = {}
    for part in value.split(","):
        key, _, given = part.partition("=")
        found[key.strip().lower()] = given.strip().strip("\"'")
    return found


def steps(
    instruction: Instruction, shell: tuple[str, ...], lines: tuple[str, ...]
) -> tuple[Step, ...]:
    """Return the commands of a RUN; raise MalformedError where there are far too many."""
    found = tuple(islice(_steps(instruction, shell, lines), _MOST + 1))
    if len(found) > _MOST:
        raise MalformedError(f"line {instruction.start}: more than {_MOST} commands")
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
