"""DF-0007: ADD where COPY does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, sources
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.model.check import Check, Edit, Failure

_UNPACKED = re.compile(
    r"\.(?:tar|tgz|tbz2?|txz|tzst|t?gz|bz2|xz|zst|lzma|lz)$|\.tar\.|(?:^|/)\*$", re.IGNORECASE
)
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|.*\.git(?:#|$)", re.IGNORECASE)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("ADD"):
            from_, _ = sources(one)
            names = [stage.expanded(one, word.text) for word in from_]
            if any(_UNPACKED.search(n) or _REMOTE.match(n) or "$" in n for n in names):
                continue
            message = f"ADD {', '.join(names)[:80]}: COPY does the same, and nothing else"
            yield Failure(message, one.start, one.end, fix=_fix(one, build.parsed.lines))


def _fix(one: Instruction, lines: tuple[str, ...]) -> Edit | None:
    line, column = one.place(0)
    whole = lines[line - 1]
    if one.flag("checksum") or one.flag("unpack") or one.flag("keep-git-dir"):
        return None
    return Edit(line, line, whole[:column] + "COPY" + whole[column + 3 :])


check = Check(
    "DF-0007",
    "ADD is used where COPY does",
    "ADD unpacks archives and fetches URLs: a source that somebody renames changes what the "
    "instruction does.",
    "LOW",
    "Use COPY for files of the context.",
    _judge,
    ("DS-0005", "CIS-4.9", "DL3020"),
    ("https://docs.docker.com/build/building/best-practices/#add-or-copy",),
)
