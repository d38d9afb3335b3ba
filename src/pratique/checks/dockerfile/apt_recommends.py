"""DF-0016: recommended packages."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


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
                fix = step.appended(call.verb, " --no-install-recommends")
                yield Failure(message, step.start, step.end, fix=fix)


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
