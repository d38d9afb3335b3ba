"""IMG-0033: the entry point or the command is in shell form."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SHELLS = ("/bin/sh", "/bin/bash", "/bin/ash", "sh", "bash")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """`exec` makes the program take the shell's place, which is as good."""
    for key, word in (("Entrypoint", "ENTRYPOINT"), ("Cmd", "CMD")):
        words = image.texts(key)
        shell = len(words) == 3 and words[0] in _SHELLS and words[1] == "-c"
        if shell and not words[2].lstrip().startswith("exec ") and "exec " not in words[2]:
            yield Failure(f"{word} runs through {words[0]} -c")


check = Check(
    "IMG-0033",
    "Entry point in shell form",
    "The shell is the first process and passes no signal on: `docker stop` waits ten seconds and "
    "kills. Arguments become part of a command line.",
    "LOW",
    'Write it as a list: ENTRYPOINT ["/app/server"].',
    _judge,
    ("DL3025",),
    ("https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",),
)
