"""DF-0024: pip's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, Step
from pratique.codecs.dockerfile.caches import left
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.model.check import Check, Failure

_FOLDERS = ("/root/.cache/pip",)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        off = {id(one) for one in stage.instructions if _is_off(stage, one)}
        for run, step in left(build, ("pip",), ("install", "wheel"), _FOLDERS):
            call = step.call
            mounted = any(mount.get("type") == "cache" for mount in run.mounts)
            if run not in stage.runs or id(run.instruction) in off or mounted or not call:
                continue
            inline = any(
                word.text.startswith("PIP_NO_CACHE_DIR") for word in step.command.assignments
            )
            if (
                not inline
                and not call.has("--no-cache-dir", "--no-cache")
                and not _purged(run.steps)
            ):
                fix = step.appended(call.verb, " --no-cache-dir")
                yield Failure(
                    "pip keeps what it downloads in the layer", step.start, step.end, fix=fix
                )


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
