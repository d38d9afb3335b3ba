"""IMG-0001: what runs, runs as root (CIS Docker Benchmark 4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Demote an image that others build on: whether they set a user is their own matter."""
    if image.config is None or not image.runs_as_root:
        return
    severity = "LOW" if image.is_base else ""
    if not image.text("User"):
        yield Failure("no user is set, so that containers run as root", severity=severity)
    elif image.user in ("root", "0"):
        yield Failure(f"the user is {image.text('User')}", severity=severity)
    elif not image.user:
        yield Failure(f"the user of {image.text('User')!r} is empty, which is root")
    else:
        yield Failure(f"the user {image.user} has the id 0: another name for root")


check = Check(
    "IMG-0001",
    "Runs as root",
    "Whoever breaks into a process that is root in its container is root there, and one flaw of "
    "the kernel or one careless mount away from root on the host.",
    "HIGH",
    "Create a user in the build and end it with USER and that user's numeric id.",
    _judge,
    ("DS-0002", "CIS-4.1"),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
