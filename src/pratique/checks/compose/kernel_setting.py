"""DC-0035: settings of the kernel that reach beyond the container, or loosen its network."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_RISKY = ("kernel.", "vm.", "fs.", "net.ipv4.conf.all.", "net.ipv4.conf.default.")
_HARMLESS = ("kernel.shm", "kernel.msg", "kernel.sem", "kernel.domainname", "fs.mqueue.")
_FORWARD = ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")


def _judge(service: Service) -> Iterator[Failure]:
    """Those with a name space of their own are the container's alone."""
    for setting in service.settings("sysctls"):
        forwards = setting.name in _FORWARD and setting.value == "1"
        if forwards or (setting.name.startswith(_RISKY) and not setting.name.startswith(_HARMLESS)):
            yield Failure(f"sysctls: {setting.name}={setting.value}", *setting.span)


check = Check(
    "DC-0035",
    "Risky setting of the kernel",
    "They forward what is not the container's, or are those of the whole host.",
    "MEDIUM",
    "Leave it out, or set it on the host where it is meant for the host.",
    of_service(_judge),
    (),
    (),
)
