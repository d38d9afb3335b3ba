"""DC-0032: debuggers, engines and remote administration are published."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_PORTS = {
    23: "telnet", 2375: "the Docker API without TLS", 3389: "RDP", 5005: "the Java debugger",
    5678: "the Python debugger", 5900: "VNC", 5901: "VNC", 9229: "the Node debugger",
    10250: "the kubelet", 40000: "the Go debugger", 8888: "Jupyter", 4040: "Spark's console",
}  # fmt: skip
_NAMES = {8888: "jupyter", 4040: "spark", 40000: "delve"}
"""What must be in the image's name, for ports that much else listens on."""


def _judge(service: Service) -> Iterator[Failure]:
    for port, span in service.ports():
        what = _PORTS.get(port.target)
        if what and not port.is_local and _NAMES.get(port.target, "") in service.image:
            yield Failure(f"{what} (port {port.target}) is published", *span)


check = Check(
    "DC-0032",
    "Port of a debugger or of administration published",
    "Debuggers and engines ask for no password: whoever reaches the port runs code.",
    "HIGH",
    "Publish it on 127.0.0.1, in an override file that is for development alone.",
    of_service(_judge),
    (),
    (),
)
