"""IMG-0005: ports of remote administration, debuggers and engines are exposed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_PORTS = {
    21: "FTP", 23: "telnet", 69: "TFTP", 111: "portmapper", 512: "rexec", 513: "rlogin", 514: "rsh",
    2375: "Docker without TLS", 2376: "Docker", 3389: "RDP", 5005: "the Java debugger",
    5678: "the Python debugger", 5900: "VNC", 5901: "VNC", 6000: "X11", 9229: "the Node debugger",
    10250: "the kubelet", 40000: "the Go debugger",
}  # fmt: skip
_CODE = frozenset({2375, 5005, 5678, 9229, 40000})
"""Whoever reaches these runs what he likes."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for port in image.names("ExposedPorts"):
        number = port.partition("/")[0]
        if number.isdigit() and (what := _PORTS.get(int(number))):
            severity = "HIGH" if int(number) in _CODE else ""
            yield Failure(f"port {port} is exposed, as for {what}", severity=severity)


check = Check(
    "IMG-0005",
    "Port of remote administration or a debugger exposed",
    "Debuggers and engines ask for no password: whoever reaches the port runs code. The others "
    "send theirs in the clear.",
    "MEDIUM",
    "Leave the port out of the image that is deployed.",
    _judge,
)
