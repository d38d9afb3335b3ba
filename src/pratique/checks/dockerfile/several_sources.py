"""DF-0057: several sources, no folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, sources
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.words import Word
from pratique.model.check import Check, Edit, Failure

_FOLDER = re.compile(r".*[/\\]|(?:.*/)?\.\.?|.*\}|.*\$\w+", re.DOTALL)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("COPY", "ADD"):
            from_, to = sources(one)
            count = len(from_) + len(one.heredocs)
            if count > 1 and to and not _FOLDER.fullmatch(to.text):
                message = f"{one.name} of {count} sources to {to.text}, which does not end in /"
                yield Failure(message, one.start, one.end, fix=_fix(one, to, build.parsed.lines))


def _fix(one: Instruction, to: Word, lines: tuple[str, ...]) -> Edit | None:
    line, column = one.place(to.start)
    whole = lines[line - 1]
    end = column + len(to.text)
    if one.exec is not None or to.quoted or whole[column:end] != to.text:
        return None
    return Edit(line, line, f"{whole[:end]}/{whole[end:]}")


check = Check(
    "DF-0057",
    "Several files are copied to what is no folder",
    "The build fails.",
    "MEDIUM",
    "End the destination with /.",
    _judge,
    ("DS-0011", "DL3021"),
    ("https://docs.docker.com/reference/dockerfile/#copy",),
)
