"""Read the lines of an image's history, as Docker, BuildKit, Buildah and Kaniko write them.

`/bin/sh -c #(nop) COPY dir:… in /app`, `COPY . /app # buildkit`, `RUN /bin/sh -c make # buildkit`,
`|1 VERSION=2 /bin/sh -c make`, `/bin/sh -c make`. Nothing specifies them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NOP = re.compile(r"(?:/bin/sh|cmd /S /C|powershell.*?) -c #\(nop\)\s*", re.DOTALL)
_BUILDKIT = re.compile(r"\s*# buildkit\s*$")
_ARGUMENTS = re.compile(r"\|(\d{1,4})\s+")
_INSTRUCTION = re.compile(
    r"(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL"
    r"|STOPSIGNAL|USER|VOLUME|WORKDIR)(?:\s+|$)"
)
_SHELL = re.compile(r"(?:/\S*/)?(?:ba|da|a|z|k)?sh(?:\s+-o\s+\w+|\s+-(?!c)\w+)*\s+-\w*c\s+")
_LONGEST = 1 << 16


class Line(NamedTuple):
    """The instruction, what follows it, and the build arguments that a RUN was given."""

    instruction: str
    text: str
    arguments: dict[str, str]


def read_line(created_by: str) -> Line:
    """Return what a line of history says; the instruction is empty where it says none."""
    line = _BUILDKIT.sub("", created_by[:_LONGEST]).strip()
    if match := _NOP.match(line):
        line = line[match.end() :]
        instruction = _INSTRUCTION.match(line)
        return (
            Line(instruction[1], line[instruction.end() :].strip(), {})
            if instruction
            else Line("", line, {})
        )
    if (match := _INSTRUCTION.match(line)) and match[1] != "RUN":
        return Line(match[1], line[match.end() :].strip(), {})
    is_run = match is not None
    rest, arguments = _arguments(line[match.end() :] if match else line)
    if shell := _SHELL.match(rest):
        return Line("RUN", rest[shell.end() :].strip(), arguments)
    return Line("RUN" if is_run or arguments else "", rest.strip(), arguments)


def _arguments(text: str) -> tuple[str, dict[str, str]]:
    """Return what follows the arguments, and these: `|2 A=b C=d /bin/sh -c …`.

    Values stand there without quotes, so that one may have blanks: all up to the next `NAME=`, or
    for the last up to the shell.
    """
    match = _ARGUMENTS.match(text)
    if match is None:
        return text, {}
    rest, arguments = text[match.end() :], {}
    for _ in range(int(match[1])):
        name, equals, after = rest.partition("=")
        if not equals or not re.fullmatch(r"\w+", name):
            break
        end = re.search(r"\s+(?=\w+=|/\S*sh\s|/bin/)", after)
        arguments[name] = after[: end.start()] if end else after
        rest = after[end.end() :] if end else ""
    return rest, arguments
