"""DF-0055: ports that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_PORT = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?(?:/(?:tcp|udp|sctp))?", re.IGNORECASE)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("EXPOSE"):
            for word in one.words():
                port = stage.expanded(one, word.text)
                if "$" in port:
                    continue
                match = _PORT.fullmatch(port)
                numbers = [int(number) for number in match.groups() if number] if match else [0]
                if not all(0 < number < 65536 for number in numbers):
                    yield Failure(f"EXPOSE {port}: no such port", one.start, one.end)


check = Check(
    "DF-0055",
    "An exposed port is none",
    "The build fails, or what is meant is not exposed.",
    "MEDIUM",
    "1 to 65535, with /tcp, /udp or /sctp.",
    _judge,
    ("DS-0008", "DL3011"),
    ("https://docs.docker.com/reference/dockerfile/#expose",),
)
