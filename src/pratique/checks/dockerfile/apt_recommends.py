"""DF-0016: recommended packages."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import Call
from pratique.codecs.dockerfile.recommended import needed
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        configured = False
        for step in stage.steps:
            text = " ".join((*step.command.args, *(r.target for r in step.command.redirects)))
            configured = configured or "Install-Recommends" in text
            call = step.call
            if (
                not configured
                and call
                and call.tool in ("apt-get", "apt", "aptitude")
                and call.action == "install"
                and not call.has(
                    "--no-install-recommends", "--without-recommends", "--install-recommends", "-R"
                )
            ):
                message = f"{call.tool} install also takes what is only recommended"
                fix = _without(step, call)
                yield Failure(message, step.start, step.end, fix=fix)


def _without(step: Step, call: Call) -> Edit | None:
    """Return the fix, with those that are recommended and all the same needed."""
    named = [word.text for word in call.operands]
    parts = [(call.verb, " --no-install-recommends")]
    for word in call.operands:
        if others := needed(word.text, named):
            named += others
            parts.append((word, "".join(f" {other}" for other in others)))
    return step.extended(parts)


check = Check(
    "DF-0016",
    "apt-get installs recommended packages",
    "They make the image larger, and each is one more thing that can have a flaw.",
    "LOW",
    "apt-get install --no-install-recommends, and name what is really needed.",
    _judge,
    ("DS-0029", "DL3015"),
    ("https://docs.docker.com/build/building/best-practices/#apt-get",),
)
