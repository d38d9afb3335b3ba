"""DF-0071: ports of debuggers, and of protocols without encryption."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_PORTS = {
    "21": "FTP", "23": "Telnet", "2375": "a Docker engine without TLS", "3389": "remote desktops",
    "5900": "VNC", "5901": "VNC", "9229": "the debugger of Node.js",
    "5005": "the debugger of Java", "2345": "the debugger of Go",
}  # fmt: skip
_DEBUGGERS = {"9229", "5005", "2345", "2375"}


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for one in stage.all("EXPOSE"):
            for word in one.words():
                match = re.fullmatch(r"(\d+)(?:/tcp)?", stage.expanded(one, word.text))
                if match and match[1] in _PORTS:
                    severity = (
                        "HIGH" if match[1] == "2375" else "" if match[1] in _DEBUGGERS else "LOW"
                    )
                    yield Failure(
                        f"EXPOSE {word.text} is the port of {_PORTS[match[1]]}",
                        one.start,
                        one.end,
                        severity,
                    )


check = Check(
    "DF-0071",
    "The port of a debugger or an unencrypted login is exposed",
    "Who reaches a debugger runs code in the process; what is typed into Telnet or FTP, others "
    "read.",
    "MEDIUM",
    "Leave it out of the image that is shipped; --publish it by hand where it is needed.",
    _judge,
    (),
    ("https://nodejs.org/en/learn/getting-started/security-best-practices",),
)
