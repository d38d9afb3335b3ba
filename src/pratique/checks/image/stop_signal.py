"""IMG-0047: containers are stopped by a signal that no program can answer."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_UNANSWERED = frozenset({"SIGKILL", "KILL", "9", "SIGSTOP", "STOP", "19"})


def _judge(image: BuiltImage) -> Iterator[Failure]:
    signal = image.text("StopSignal")
    if signal.upper() in _UNANSWERED:
        yield Failure(f"STOPSIGNAL {signal} leaves no time to end")


check = Check(
    "IMG-0047",
    "Stop signal that cannot be answered",
    "What the program has not written is lost each time that a container is stopped.",
    "LOW",
    "Leave STOPSIGNAL out, or name the signal that the program ends on: SIGTERM, SIGQUIT, SIGINT.",
    _judge,
)
