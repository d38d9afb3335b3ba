"""DC-0033: a privileged port of the host is taken (CIS Docker Benchmark 5.8)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_MEANT = frozenset({80, 443, 22, 23, 25, 53, 465, 587, 993})


def _judge(service: Service) -> Iterator[Failure]:
    for port, span in service.ports():
        if 0 < port.published < 1024 and port.published not in _MEANT:
            yield Failure(f"port {port.published} of the host is taken", *span)


check = Check(
    "DC-0033",
    "Privileged port of the host",
    "Ports below 1024 are trusted to be a service of the system, and its own may want them.",
    "LOW",
    "Publish on a port above 1024, or behind the proxy that has 80 and 443.",
    of_service(_judge),
    ("CIS-5.8",),
    (),
)
