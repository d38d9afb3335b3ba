"""DC-0003: capabilities are added (CIS Docker Benchmark 5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_AS_ROOT = frozenset({
    "ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "SYS_PTRACE", "DAC_READ_SEARCH", "BPF",
    "SYS_BOOT", "MAC_ADMIN", "MAC_OVERRIDE", "PERFMON", "CHECKPOINT_RESTORE",
})  # fmt: skip
_USUAL = frozenset({
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
    "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
})  # fmt: skip
"""Which every container has that does not drop them."""


def _judge(service: Service) -> Iterator[Failure]:
    for written, span in service.items("cap_add"):
        name = written.upper().removeprefix("CAP_")
        if name not in _USUAL:
            severity = "" if name in _AS_ROOT else "MEDIUM"
            yield Failure(f"cap_add: {name}", *span, severity=severity)


check = Check(
    "DC-0003",
    "Dangerous capability added",
    "Each of these takes one wall down between the container and the host, or the network that it "
    "is on.",
    "HIGH",
    "Leave the capability out, or choose the smallest one that does: NET_BIND_SERVICE, CHOWN.",
    of_service(_judge),
    ("CIS-5.4",),
    ("https://man7.org/linux/man-pages/man7/capabilities.7.html",),
)
