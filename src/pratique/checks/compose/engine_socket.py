"""DC-0001: the socket of the engine is given to a container (CIS Docker Benchmark 5.32)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock")


def _judge(service: Service) -> Iterator[Failure]:
    """A folder that holds the socket gives it away as well."""
    for mount, span in service.mounts():
        if mount.source.endswith(_SOCKETS):
            yield Failure(f"{mount.source} is mounted", *span)
        elif mount.is_bind and mount.source in ("/var/run", "/run", "/run/containerd"):
            yield Failure(f"{mount.source} is mounted, with the engine's socket in it", *span)
    if service.get("use_api_socket") is True:
        span = service.span_of("use_api_socket")
        yield Failure("use_api_socket mounts the engine's socket and its credentials", *span)


check = Check(
    "DC-0001",
    "Socket of the engine mounted",
    "Who can talk to the engine starts a privileged container with the host's disk in it: root on "
    "the host. Mounting it read-only changes nothing, for it is written to by connecting.",
    "CRITICAL",
    "Leave it out. Where a service must see containers, put a proxy between that lets the few "
    "requests through.",
    of_service(_judge),
    ("CIS-5.32",),
    ("https://docs.docker.com/engine/security/protect-access/",),
)
