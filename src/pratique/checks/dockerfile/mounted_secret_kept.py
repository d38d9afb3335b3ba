"""DF-0070: a mounted secret that is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Run, Step
from pratique.model.check import Check, Failure

_NOWHERE = re.compile(r"/dev/(?:null|stdout|stderr|fd/\d)|/tmp/.*|&?\d")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for run in stage.runs:
            paths = _mounted(run)
            removed = {arg for s in run.steps if s.command.name == "rm" for arg in s.command.args}
            for step in run.steps if paths else ():
                target = _kept(step, paths)
                if target and target not in removed:
                    yield Failure(
                        f"the secret is written to {target}, which is part of the layer",
                        step.start,
                        step.end,
                    )


def _mounted(run: Run) -> set[str]:
    secrets = [mount for mount in run.mounts if mount.get("type") == "secret"]
    return {m.get("target") or m.get("dst") or f"/run/secrets/{m.get('id', '')}" for m in secrets}


def _kept(step: Step, paths: set[str]) -> str:
    args = step.command.args
    if step.command.name in ("cp", "mv", "install") and len(args) > 1 and paths & set(args[:-1]):
        return args[-1]
    if step.command.name in ("cat", "base64") and paths & set(args):
        written = [r.target for r in step.command.redirects if r.operator in (">", ">>")]
        return next((target for target in written if not _NOWHERE.fullmatch(target)), "")
    return ""


check = Check(
    "DF-0070",
    "A secret that is mounted is written into the layer",
    "The mount is gone after the RUN, the copy is not: everybody who has the image can read it.",
    "HIGH",
    "Use it where it is mounted: --mount=type=secret,id=npmrc,target=/root/.npmrc.",
    _judge,
    ("CIS-4.10",),
    ("https://docs.docker.com/build/building/secrets/",),
)
