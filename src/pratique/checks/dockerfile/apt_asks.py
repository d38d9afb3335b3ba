"""DF-0015: apt-get without -y."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_ACTIONS = {
    "install",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "remove",
    "purge",
    "autoremove",
    "build-dep",
    "reinstall",
}


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        configured = False
        before: Step | None = None
        for step in stage.steps:
            configured = configured or "Assume-Yes" in " ".join(step.command.args)
            call = step.call
            answered = before and before.command.name == "yes" and before.command.ends == "|"
            before = step
            if (
                not call
                or call.tool not in ("apt-get", "apt", "aptitude")
                or call.action not in _ACTIONS
            ):
                continue
            quiet = sum(w.text.count("q") for w in call.options if not w.text.startswith("--")) > 1
            sure = (
                call.has("-y", "--yes", "--assume-yes", "--force-yes", "-s", "--simulate") or quiet
            )
            if not (configured or answered or sure or call.has("-q=2")):
                message = f"{call.tool} {call.action} asks, and nobody answers"
                yield Failure(message, step.start, step.end, fix=step.appended(call.verb, " -y"))


check = Check(
    "DF-0015",
    "apt-get would ask",
    "There is nobody to say yes: the build stops.",
    "LOW",
    "apt-get install -y.",
    _judge,
    ("DS-0021", "DL3014"),
    ("https://manpages.debian.org/apt-get",),
)
