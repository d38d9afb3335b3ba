"""DF-0039: chmod 777."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.words import Word
from pratique.model.check import Check, Failure

_NUMBER = re.compile(r"0?([0-7]?)([0-7])([0-7])([2367])")
_SYMBOLS = re.compile(r"(?:.*,)?[ug]*[oa][uoga]*[+=][rxXst]*w.*")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        severity = "" if stage in build.shipped else "LOW"
        for step in stage.steps:
            if word := _mode(step):
                message = f"chmod {word.text}: every user of the container may write there"
                better = _better(word.text)
                fix = step.replaced(word, better) if better else None
                yield Failure(message, step.start, step.end, severity, fix)
        for one in stage.all("COPY", "ADD"):
            if (match := _NUMBER.fullmatch(one.flag("chmod"))) and match[1] != "1":
                message = (
                    f"{one.name} --chmod={match[0]}: every user of the container may write there"
                )
                yield Failure(message, one.start, one.end, severity)


def _mode(step: Step) -> Word | None:
    if step.command.name not in ("chmod", "install"):
        return None
    words = [
        w for w in step.command.words[1:] if not w.text.startswith(("-R", "-f", "-v", "-c", "--"))
    ]
    if step.command.name == "install":
        at = step.command.args.index("-m") + 2 if "-m" in step.command.args else 0
        words = list(step.command.words[at : at + 1]) if at else []
    word = words[0] if words else None
    if word and (match := _NUMBER.fullmatch(word.text)):
        sticky = match[1] in ("1", "3", "5", "7")
        return None if sticky else word
    if word and _SYMBOLS.fullmatch(word.text) and not re.search(r"\+t|[oa][+=]\w*t", word.text):
        return word
    return None


def _better(mode: str) -> str:
    """Return a mode without what others may write; only for one in numbers."""
    return mode[:-1] + str(int(mode[-1]) & ~2) if mode.isdigit() else ""


check = Check(
    "DF-0039",
    "Files are made writable for everybody",
    "Any process of the container can change them: programs, their settings, their libraries.",
    "MEDIUM",
    "Give the one user that must write: COPY --chown, chown; 755 for programs and folders, 644 "
    "for files.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",),
)
