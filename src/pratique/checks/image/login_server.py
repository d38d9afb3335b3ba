"""IMG-0038: a server that lets users log in, or transfers files, is installed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.leftovers import REMOTE
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for trace in image.of("program"):
        if trace.detail in REMOTE:
            yield Failure(f"/{trace.path} is installed", layer=trace.layer)


check = Check(
    "IMG-0038",
    "Server for logins in the image",
    "A second way in, with accounts and flaws of its own, that no orchestrator knows of.",
    "MEDIUM",
    "Leave it out; use the exec of the engine or the orchestrator.",
    _judge,
    ("CIS-4.3",),
)
