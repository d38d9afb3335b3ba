"""DF-0040: setuid, and capabilities of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_MODE = re.compile(r"0?[4567][0-7]{3}|(?:.*,)?[aogu]*u[aog]*[+=][rwxXt]*s.*|\+s")
_CAPABILITIES = re.compile(
    r"cap_(?:sys_admin|sys_ptrace|sys_module|sys_rawio|setuid|setgid|dac_override|dac_read_search|chown|fowner|all)|=e?ip?\b|^all",
    re.IGNORECASE,
)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for step in stage.steps:
            if what := _raises(step):
                yield Failure(what, step.start, step.end)
        for one in stage.all("COPY", "ADD"):
            if re.fullmatch(r"0?[4567][0-7]{3}", one.flag("chmod")):
                message = f"{one.name} --chmod={one.flag('chmod')} makes a program run as its owner"
                yield Failure(message, one.start, one.end)


def _raises(step: Step) -> str:
    args = [arg for arg in step.command.args if not re.match(r"-[Rfvc]|--", arg)]
    if step.command.name == "chmod" and args and _MODE.fullmatch(args[0]):
        return f"chmod {args[0]} makes a program run as its owner, whoever starts it"
    if step.command.name == "setcap" and args and (match := _CAPABILITIES.match(args[0])):
        return f"setcap {match[0]}: whoever starts the program can become root by it"
    return ""


check = Check(
    "DF-0040",
    "A program is given more rights than who starts it",
    "Setuid programs and strong capabilities are how a user without rights becomes root.",
    "HIGH",
    "Do without; take the bits of the base image's away: find / -xdev -perm /6000 -type f -exec "
    "chmod a-s {} +.",
    _judge,
    ("CIS-4.8",),
    ("https://man7.org/linux/man-pages/man7/capabilities.7.html",),
)
