"""DF-0069: a server for logins."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_TOOLS = ("apt-get", "apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper")
_SERVERS = {"openssh-server", "dropbear", "telnetd", "telnet-server", "inetutils-telnetd",
    "vsftpd", "xrdp", "rsh-server",
            "openssh-server-pam", "tightvncserver", "tigervnc-standalone-server"}  # fmt: skip


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for step in stage.steps:
            call = step.call
            if call and call.tool in _TOOLS and call.installs:
                found = [w.text for w in call.operands if w.text.partition("=")[0] in _SERVERS]
                if found:
                    yield Failure(
                        f"{', '.join(found)}: a way in that a container needs not",
                        step.start,
                        step.end,
                    )


check = Check(
    "DF-0069",
    "A server for logins is installed",
    "It has to be kept up to date, and its keys and passwords kept, in every container.",
    "MEDIUM",
    "docker exec and kubectl exec give a shell.",
    _judge,
    (),
    ("https://docs.docker.com/reference/cli/docker/container/exec/",),
)
