"""DF-0024: pip's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.caches import left
from pratique.codecs.dockerfile.calls import Call
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_FOLDERS = ("/root/.cache/pip",)


def _judge(build: Build) -> Iterator[Failure]:
    off = {
        one.start for stage in build.shipped for one in stage.instructions if _is_off(stage, one)
    }
    for run, steps in left(build, ("pip",), ("install", "wheel"), _FOLDERS):
        mounted = any(mount.get("type") == "cache" for mount in run.mounts)
        if mounted or run.instruction.start in off or _purged(run.steps):
            continue
        for step in steps:
            if step.call and not _is_told(step, step.call):
                fix = step.appended(step.call.verb, " --no-cache-dir")
                message = "pip keeps what it downloads in the layer"
                yield Failure(message, step.start, step.end, fix=fix)


def _is_told(step: Step, call: Call) -> bool:
    inline = any(word.text.startswith("PIP_NO_CACHE_DIR") for word in step.command.assignments)
    return inline or call.has("--no-cache-dir", "--no-cache")


def _purged(steps: tuple[Step, ...]) -> bool:
    return any(s.call and s.call.tool == "pip" and s.call.action == "cache" for s in steps)


def _is_off(stage: Stage, one: Instruction) -> bool:
    return stage.expanded(one, "$PIP_NO_CACHE_DIR") not in ("$PIP_NO_CACHE_DIR", "")


check = Check(
    "DF-0024",
    "pip's cache stays in the image",
    "It is of no use at run time.",
    "LOW",
    "pip install --no-cache-dir, or RUN --mount=type=cache,target=/root/.cache/pip.",
    _judge,
    ("DL3042",),
    ("https://pip.pypa.io/en/stable/topics/caching/#disabling-caching",),
)
