"""DF-0045: compilers in the image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Run
from pratique.codecs.dockerfile.images import shown
from pratique.model.check import Check, Failure

_TOOLS = ("apt-get", "apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper")
_COMPILERS = re.compile(
    r"(?:gcc|g\+\+|clang|golang|go|rustc|cargo|llvm|build-essential|build-base|alpine-sdk|gcc-c\+\+|ghc|nasm"
    r"|default-jdk(?:-headless)?|openjdk-?\d+-jdk(?:-headless)?|openjdk\d+|java-[\d.]+-openjdk-devel|base-devel|maven|gradle"
    r"|@?development[- ]tools)(?:-\d+(?:\.\d+)*)?(?:[=~].*)?",
    re.IGNORECASE,
)
_KITS = re.compile(
    r"(?:golang|rust|gcc|maven|gradle|swift|haskell|sbtscala/.+|mcr\.microsoft\.com/dotnet(?:/core)?/sdk)(?::.*)?"
    r"|(?:openjdk|eclipse-temurin|amazoncorretto|ibm-semeru-runtimes):[^:]*jdk.*|nvidia/cuda:.*-devel.*"
)


def _judge(build: Build) -> Iterator[Failure]:
    opening = list(build.final.lineage)[-1].opening
    if _KITS.fullmatch(build.final.root) and any(
        build.final.last(n) for n in ("CMD", "ENTRYPOINT")
    ):
        message = (
            f"{shown(build.final.root)} has compilers and what goes with them, and it is the "
            "base of what runs"
        )
        yield Failure(message, opening.start, opening.end)
    for stage in build.shipped:
        for run in stage.runs:
            gone = _removed(run)
            for step in run.steps:
                call = step.call
                if (
                    not call
                    or call.tool not in _TOOLS
                    or call.action not in ("install", "add", "groupinstall", "in")
                ):
                    continue
                found = [
                    w.text
                    for w in call.operands
                    if _COMPILERS.fullmatch(w.text) and w.text not in gone
                ]
                virtual = call.value("-t", "--virtual")
                if found and not (virtual and virtual in gone) and "*" not in gone:
                    message = (
                        f"{', '.join(found)[:80]} {'are' if len(found) > 1 else 'is'} "
                        "left in the image"
                    )
                    yield Failure(message, step.start, step.end)


def _removed(run: Run) -> set[str]:
    """Return what a RUN removes again; `*` where it removes all that is not needed."""
    gone: set[str] = set()
    for step in run.steps:
        call = step.call
        if (
            call
            and call.tool in _TOOLS
            and call.action in ("remove", "purge", "del", "erase", "autoremove", "history")
        ):
            gone |= {word.text for word in call.operands}
            if any("$" in word.text for word in call.operands):
                gone.add("*")
    return gone


check = Check(
    "DF-0045",
    "A compiler is left in the image",
    "What runs needs none; who breaks in has tools, and each is one more thing that can have a "
    "flaw.",
    "LOW",
    "Build in a stage of its own, and COPY --from=build what comes of it into a small base.",
    _judge,
    (),
    ("https://docs.docker.com/build/building/multi-stage/",),
)
