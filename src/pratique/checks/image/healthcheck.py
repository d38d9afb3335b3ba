"""IMG-0007: no health check (CIS Docker Benchmark 4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Ask for one of what runs a service; an image that others build on, or a tool, has none."""
    if image.config is None or image.is_base:
        return
    stated = image.config.get("Healthcheck")
    test = stated.get("Test") if isinstance(stated, dict) else None
    if test == ["NONE"]:
        yield Failure("the health check of the base image is switched off")
    elif not test or test == ["CMD-SHELL", ""]:
        yield Failure("no health check is defined")


check = Check(
    "IMG-0007",
    "No health check",
    "An engine sees that a process ends, not that it hangs. Orchestrators with probes of their "
    "own, like Kubernetes, do not ask for this one.",
    "LOW",
    "Add HEALTHCHECK with a command that asks the service itself.",
    _judge,
    ("DS-0026", "CIS-4.6"),
    ("https://docs.docker.com/reference/dockerfile/#healthcheck",),
)
