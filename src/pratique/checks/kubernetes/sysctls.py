"""An unsafe kernel parameter is set."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure

_SAFE = frozenset({
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
})  # fmt: skip
"""That the baseline allows."""


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod:
        for setting, span in one.pod.maps("securityContext", "sysctls"):
            name = str(setting.get("name", "")).replace("/", ".")
            if name not in _SAFE:
                yield one.pod.fails_at(f"sets the kernel parameter {name}", span)


check = Check(
    "K8S-0026",
    "An unsafe kernel parameter is set",
    "Only some of the kernel's parameters belong to the pod alone; the others change the "
    "node for everybody, or lift limits.",
    "MEDIUM",
    "Remove it from securityContext.sysctls.",
    _judge,
    ("KSV-0026", "PSS-baseline-sysctls"),
    (STANDARDS,),
)
