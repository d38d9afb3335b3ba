"""IMG-0026: package lists are updated in a layer of their own (CIS Docker Benchmark 4.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_UPDATE = re.compile(
    r"\b(?:apt-get|apt|aptitude|apk|yum|dnf|microdnf|tdnf|zypper)(?:\s+-\S+)*\s+"
    r"(?:update|refresh|makecache|check-update)\b"
)
_INSTALL = re.compile(
    r"\b(?:apt-get|apt|aptitude|apk|yum|dnf|microdnf|tdnf|zypper)\b[^;&|]*?\s"
    r"(?:install|upgrade|dist-upgrade|full-upgrade|add|in|up|source|build-dep|download)\b"
)


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """`yum update` and `dnf update` upgrade: they install by themselves."""
    for step in image.steps:
        found = _UPDATE.search(step.text) if step.instruction == "RUN" else None
        if found is None or _INSTALL.search(step.text):
            continue
        words = found[0].split()
        if words[0] in ("yum", "dnf", "microdnf", "tdnf") and words[-1] == "update":
            continue
        yield Failure(f"`{' '.join(words)}` is a step of its own", layer=step.layer)


check = Check(
    "IMG-0026",
    "Package lists updated in a step of their own",
    "The step is taken from the build cache for weeks: what is installed after it comes from lists "
    "that are out of date, without the fixes that came since.",
    "MEDIUM",
    "Update and install in the same RUN.",
    _judge,
    ("DS-0017", "CIS-4.7", "DL3009"),
    ("https://docs.docker.com/build/building/best-practices/#apt-get",),
)
