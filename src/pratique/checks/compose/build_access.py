"""DC-0043: a build with the network of the host, with privileges or with SSH."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("build", "network") == "host":
        yield Failure("build.network: host", *service.span_of("build", "network"))
    if service.get("build", "privileged") is True:
        span = service.span_of("build", "privileged")
        yield Failure("build.privileged is set", *span, severity="HIGH")
    for name, span in service.items("build", "entitlements"):
        severity = "HIGH" if name == "security.insecure" else ""
        yield Failure(f"build.entitlements: {name}", *span, severity=severity)
    if service.get("build", "ssh"):
        span = service.span_of("build", "ssh")
        yield Failure("build.ssh lends the build an SSH agent", *span, severity="LOW")


check = Check(
    "DC-0043",
    "Build with access to the host",
    "What a build runs comes from many places; this gives it the host's network, its devices or "
    "keys.",
    "MEDIUM",
    "Leave it out; hand one RUN what it needs with --mount.",
    of_service(_judge),
    (),
    (),
)
