"""IMG-0036: other accounts than root have its id."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for trace in image.of("user"):
        if trace.number == 0 and trace.detail not in ("root", "toor"):
            yield Failure(f"{trace.detail} has the id 0: it is root", layer=trace.layer)


check = Check(
    "IMG-0036",
    "Account with root's id",
    "Whoever becomes that account is root, and nothing that looks for the name root sees it.",
    "HIGH",
    "Give the account an id of its own, or delete it.",
    _judge,
)
