"""Packages that are all upgraded: what a build holds then depends on the day."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.situation import Situation
from pratique.model.habit import Habit, Proposal

_ACTIONS = frozenset({"upgrade", "dist-upgrade", "full-upgrade"})


def _propose(situation: Situation) -> Iterator[Proposal]:
    for step in situation.made.steps:
        call = step.call
        if call and call.tool in ("apt-get", "apt") and call.action in _ACTIONS:
            yield Proposal(
                f"line {step.start}: {call.tool} {call.action} gives what the cache or the day "
                "has: a newer base, or packages upgraded by name, do what it is for (it stays, "
                "for without it flaws could come back)"
            )  # fmt: skip


habit = Habit("upgrade", 70, _propose)
