"""IMG-0009: a build argument or a command in the history gives a secret away (CIS 4.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.secret_names import is_secret, secret_names
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SETTING = re.compile(r"""(?<![\w-])(-{0,2}[\w.-]{2,60})=("[^"]*"|'[^']*'|[^\s"';&|]+)""")
_ARG = re.compile(r"(\w+)=(.*)", re.DOTALL)


def _judge(image: BuiltImage) -> Iterator[Failure]:
    told: set[str] = set()
    for step in image.steps:
        given = dict(step.arguments)
        if step.instruction == "ARG" and (match := _ARG.match(step.text)):
            given[match[1]] = match[2]
        for name in secret_names(given):
            if name not in told:
                told.add(name)
                yield Failure(f"the history has the build argument {name} with its value",
                              layer=step.layer)  # fmt: skip
        for name, value in _SETTING.findall(step.text) if step.instruction == "RUN" else ():
            bare = name.lstrip("-")
            if bare not in told and is_secret(bare, value.strip("\"'")):
                told.add(bare)
                yield Failure(f"a RUN of the history sets {bare} to a value", layer=step.layer)


check = Check(
    "IMG-0009",
    "Secret in the history",
    "Build arguments and commands are part of the image's history: `docker history` shows them to "
    "everyone who can pull it.",
    "CRITICAL",
    "Change the secret. Hand it to the one RUN that needs it with --mount=type=secret.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/build/building/secrets/",),
)
