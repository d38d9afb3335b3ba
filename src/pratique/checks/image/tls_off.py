"""IMG-0030: the environment switches the verification of TLS certificates off."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.tls_settings import switches_off
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for name, value in image.environment.items():
        if switches_off(name, value):
            yield Failure(f"ENV {name}={value} switches verification off")


check = Check(
    "IMG-0030",
    "Verification of TLS switched off",
    "Every connection of every container can be listened to and changed on the way, passwords "
    "included, and nothing says so.",
    "HIGH",
    "Leave the setting out; install the certificate of the authority that is missing.",
    _judge,
)
