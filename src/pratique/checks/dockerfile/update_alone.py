"""DF-0014: an index in a layer of its own."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Run
from pratique.model.check import Check, Failure

_TOOLS = ("apt-get", "apt", "aptitude", "apk", "zypper", "dnf", "yum", "microdnf")
_ACTIONS = ("update", "refresh", "makecache", "ref")


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        calls = [step for step in run.steps if step.call and step.call.tool in _TOOLS]
        updates = [
            s
            for s in calls
            if s.call and s.call.action in _ACTIONS and _is_index(s.call.tool, s.call.action)
        ]
        if updates and len(calls) == len(updates) and not _runs_more(run):
            one = updates[-1]
            yield Failure(
                f"{one.command.name} {one.call.action if one.call else ''} is a layer of its own",
                one.start,
                one.end,
            )


def _is_index(tool: str, action: str) -> bool:
    """In yum and dnf, update is another word for upgrade."""
    return tool not in ("dnf", "yum", "microdnf") or action == "makecache"


def _runs_more(run: Run) -> bool:
    """Tell whether it runs a script, which may well install something."""
    return any(
        s.command.words[0].text.startswith(("./", "/", "$"))
        or s.command.name in ("sh", "bash", "make", "gdebi")
        for s in run.steps
    )


check = Check(
    "DF-0014",
    "The package index is refreshed in a RUN of its own",
    "The build cache keeps that layer: a later install takes old packages from it, without the "
    "fixes that came since, or fails.",
    "MEDIUM",
    "Put the update and the install into one RUN: apt-get update && apt-get install ….",
    _judge,
    ("DS-0017", "CIS-4.7"),
    ("https://docs.docker.com/build/building/best-practices/#apt-get",),
)
