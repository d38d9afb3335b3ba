"""DC-0026: seccomp, AppArmor or SELinux are switched off (CIS Docker Benchmark 5.2, 5.3, 5.22)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_OFF = frozenset({
    "seccomp:unconfined", "apparmor:unconfined", "label:disable", "systempaths:unconfined",
    "label:type:unconfined_t", "label:type:spc_t", "writable-cgroups:true", "unmask:all",
})  # fmt: skip


def _judge(service: Service) -> Iterator[Failure]:
    for option, span in service.items("security_opt"):
        if option.replace("=", ":").lower() in _OFF:
            yield Failure(f"security_opt: {option}", *span)


check = Check(
    "DC-0026",
    "Confinement switched off",
    "The filter of system calls and the profile stand between a flaw of the kernel and whoever "
    "runs code in the container.",
    "HIGH",
    "Leave the option out, or write a profile that allows what is needed beyond the default.",
    of_service(_judge),
    ("CIS-5.22", "CIS-5.2", "CIS-5.3"),
    (),
)
