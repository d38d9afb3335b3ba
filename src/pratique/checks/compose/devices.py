"""DC-0011: devices of the host (CIS Docker Benchmark 5.18)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_ALL = re.compile(
    r"/dev/(?:mem|kmem|port|kmsg|sd\w*|nvme\w*|vd\w*|xvd\w*|dm-\d+|mapper/.*|disk/.*)?"
)
_HARMLESS = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/tty")


def _judge(service: Service) -> Iterator[Failure]:
    for written, span in service.items("devices"):
        device = written.partition(":")[0]
        if device.startswith("/") and device not in _HARMLESS:
            severity = "HIGH" if _ALL.fullmatch(device) else ""
            yield Failure(f"devices: {device}", *span, severity=severity)
    for rule, span in service.items("device_cgroup_rules"):
        if rule.startswith("a") or "*:*" in rule:
            yield Failure(f"device_cgroup_rules: {rule}", *span, severity="HIGH")


check = Check(
    "DC-0011",
    "Device of the host",
    "A device is reached past every file permission of the host: a disk is all of its files, "
    "memory is all of its processes.",
    "MEDIUM",
    "Name the one device that is needed, read-only where that will do: /dev/x:/dev/x:r.",
    of_service(_judge),
    ("CIS-5.18",),
    (),
)
