"""DF-0045: compilers in the image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import shown
from pratique.codecs.dockerfile.run import Run, Step
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
    opening, root = list(build.final.lineage)[-1].opening, build.final.root
    if _KITS.fullmatch(root) and (build.final.last("CMD") or build.final.last("ENTRYPOINT")):
        message = f"{shown(root)} has compilers, and it is the base of what runs"
        yield Failure(message, opening.start, opening.end)
    for stage in build.shipped:
        for run in stage.runs:
            gone = _removed(run)
            for step in run.steps if "*" not in gone else ():
                if found := _installed(step, gone):
                    verb = "are" if len(found) > 1 else "is"
                    message = f"{', '.join(found)[:80]} {verb} left in the image"
                    yield Failure(message, step.start, step.end)


def _installed(step: Step, gone: set[str]) -> list[str]:
    """Return the compilers that a command installs, but for those that are gone in the end."""
    call = step.call
    if not call or call.tool not in _TOOLS or not call.installs:
        return []
    if call.value("-t", "--virtual") in gone:
        return []
    names = [word.text for word in call.operands]
    return [name for name in names if _COMPILERS.fullmatch(name) and name not in gone]


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
