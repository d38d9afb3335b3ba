"""DC-0048: the Dockerfile that a service is built by is not there."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.builds import dockerfile_of
from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    """Ask only where this very file can be read from disk."""
    path = dockerfile_of(service.own)
    if not path or not service.project.on_disk or path.startswith(("../", "/")):
        return
    inline = service.get("build", "dockerfile_inline")
    if inline is None and service.project.read(path) is None:
        yield Failure(f"{path} is not there", *service.span_of("build"))


check = Check(
    "DC-0048",
    "Dockerfile not found",
    "The service cannot be built, and what it would be built by is not judged.",
    "LOW",
    "Correct build.context or build.dockerfile.",
    of_service(_judge),
    (),
    (),
)
