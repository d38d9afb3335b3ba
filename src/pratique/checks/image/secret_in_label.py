"""IMG-0010: a label gives a secret away."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.secret_names import secret_names
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for name in secret_names(image.labels):
        yield Failure(f"the label {name} has a value that looks like a secret")


check = Check(
    "IMG-0010",
    "Secret in a label",
    "Labels are in the image's configuration: registries show them, and so does every tool.",
    "HIGH",
    "Change the secret, and leave it out of the labels.",
    _judge,
    ("CIS-4.10",),
)
