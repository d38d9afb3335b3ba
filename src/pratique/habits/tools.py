"""Build tools that stay in what runs, where no shape is known that parts them."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.situation import Situation
from pratique.model.habit import Habit, Proposal

_TOOLS = frozenset({
    "gcc", "g++", "make", "cmake", "build-essential", "build-base", "musl-dev", "libc6-dev",
    "cargo", "rustc", "golang", "maven", "gradle", "gcc-c++",
})  # fmt: skip
_HAVE_SHAPES = frozenset({"library/python", "library/node", "library/golang", "library/maven"})


def _propose(situation: Situation) -> Iterator[Proposal]:
    base = reference(situation.made.final.root)
    if base and base.repository in _HAVE_SHAPES and len(situation.made.stages) == 1:
        return
    tools = sorted({p.name for p in situation.own} & _TOOLS)
    if tools:
        few = ", ".join(tools[:5]) + (f" and {len(tools) - 5} more" if len(tools) > 5 else "")
        yield Proposal(f"build tools stay in the image ({few}): build in an earlier stage, COPY "
                       "--from it")  # fmt: skip


habit = Habit("build tools", 80, _propose)
