"""Find which change breaks the user's test, by leaving changes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pratique.cli.fixed import level_of
from pratique.outcome import Outcome, Step
from pratique.upgrades import risk

_LEVELS = ("major", "minor", "patch")
Attempt = Callable[[frozenset[str]], Outcome | None]
"""Takes names that are left out; returns the plan of the rest if the test passes with it."""


def blamed(steps: Sequence[Step], attempt: Attempt) -> str:
    """Return the line that tells which changes the test fails with.

    Only what was seen to pass is said to pass. The largest steps that remove least are left out
    first, by halves, so that ten changes take five tests, a hundred nine.
    """
    if attempt(_names(steps)) is None:
        return "the test fails without any change, too"
    order = sorted(steps, key=lambda one: (_far(one), risk(one.removes)))
    fails, passes = 0, len(order)  # how many are left out
    good: Outcome | None = None
    while passes - fails > 1:
        middle = (fails + passes) // 2
        found = attempt(_names(order[:middle]))
        fails, passes = (middle, passes) if found is None else (fails, middle)
        good = found or good
    out = order[:passes]
    if len(out) > 1 and (alone := attempt(_names(out[-1:]))):
        out, good = out[-1:], alone
    return _line(out, good)


def _line(out: Sequence[Step], good: Outcome | None) -> str:
    told = ", ".join(f"{s.bump.name} {', '.join(s.bump.installed)} -> {s.to}" for s in out)
    if good is None or not good.altered:
        return f"the test passes without any change, and fails with each part tried: {told}"
    words = " ".join(f"--without {name}" for name in sorted(_names(out)))
    count = len(good.steps)
    return (f"the test passes without {told}: {words} makes the other "
            f"{'change' if count == 1 else f'{count} changes'}")  # fmt: skip


def _names(steps: Sequence[Step]) -> frozenset[str]:
    return frozenset(name for step in steps for name in (step.bump.name, *step.bump.brings))


def _far(step: Step) -> int:
    far = level_of(step)
    return _LEVELS.index(far) if far in _LEVELS else len(_LEVELS)
