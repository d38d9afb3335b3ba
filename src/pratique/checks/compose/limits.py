"""DC-0020: no limits of memory, processor time or processes (CIS Docker Benchmark 5.11, 12, 29)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.listing import listed
from pratique.model.check import Check, Failure

_LIMITS = {
    "memory": ("mem_limit",),
    "processor time": ("cpus", "cpu_quota", "cpu_shares", "cpuset"),
    "processes": ("pids_limit",),
}
_IN_DEPLOY = {"memory": "memory", "processor time": "cpus", "processes": "pids"}
_NONE = (None, -1, 0, "-1", "0")


def _judge(service: Service) -> Iterator[Failure]:
    """Name all that are missing in one line: they are set in one place."""
    if not service.complete:
        return
    missing = []
    for name, keys in _LIMITS.items():
        stated = [service.says(key) for key in keys]
        stated.append(service.says("deploy", "resources", "limits", _IN_DEPLOY[name]))
        if all(value in _NONE for value in stated):
            missing.append(name)
    if missing:
        yield Failure(f"no limit of {listed(missing)}", *service.span)


check = Check(
    "DC-0020",
    "Resources not limited",
    "One service with a leak, a loop or a fork bomb, or under attack, takes the memory and the "
    "time of all others, and the kernel ends whichever process it chooses.",
    "LOW",
    "Set deploy.resources.limits: memory, cpus and pids.",
    of_service(_judge),
    ("CIS-5.11", "CIS-5.12", "CIS-5.29"),
    ("https://docs.docker.com/reference/compose-file/deploy/#resources",),
)
