"""DF-0023: yum, dnf and zypper without -y."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import Call
from pratique.model.check import Check, Failure

_TOOLS = ("yum", "dnf", "microdnf", "tdnf", "zypper")
_ACTIONS = {"install", "in", "update", "up", "upgrade", "remove", "rm", "erase", "groupinstall",
    "dup", "dist-upgrade",
            "localinstall", "reinstall", "autoremove", "patch", "distro-sync", "swap"}  # fmt: skip


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        configured = False
        for step in stage.steps:
            configured = configured or "assumeyes" in " ".join(step.command.args).lower()
            call = step.call
            if (
                call
                and call.tool in _TOOLS
                and call.action in _ACTIONS
                and not configured
                and not _sure(call)
            ):
                message = f"{call.tool} {call.action} asks, and nobody answers"
                yield Failure(message, step.start, step.end, fix=step.appended(call.verb, " -y"))


def _sure(call: Call) -> bool:
    given = call.has("-y", "--assumeyes", "--no-confirm")
    return given or (call.tool == "zypper" and call.has("-n", "--non-interactive"))


check = Check(
    "DF-0023",
    "yum, dnf or zypper would ask",
    "There is nobody to say yes: the build stops.",
    "LOW",
    "Add -y.",
    _judge,
    ("DL3030", "DL3034", "DL3038"),
    ("https://dnf.readthedocs.io/en/latest/command_ref.html",),
)
