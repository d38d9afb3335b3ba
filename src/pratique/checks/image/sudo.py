"""IMG-0037: sudo, above all without a password."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SUDO = frozenset({"sudo", "doas"})


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found = next((t for t in image.of("program") if t.detail in _SUDO), None)
    rules = list(image.of("sudo"))
    for rule in rules:
        yield Failure(f"/{rule.path} asks no password: {rule.detail}", layer=rule.layer)
    if found and not rules:
        yield Failure(f"has /{found.path}", layer=found.layer, severity="LOW")


check = Check(
    "IMG-0037",
    "sudo in the image",
    "A rule without a password makes the user as good as root: USER is then for show.",
    "HIGH",
    "Do what needs root in the build, before USER, and leave sudo out.",
    _judge,
    ("DL3004",),
)
