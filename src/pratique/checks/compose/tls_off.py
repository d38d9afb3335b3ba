"""DC-0047: the environment switches the verification of TLS certificates off."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.tls_settings import switches_off
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for setting in service.settings("environment"):
        if switches_off(setting.name, setting.value):
            yield Failure(
                f"{setting.name}={setting.value} switches verification off", *setting.span
            )


check = Check(
    "DC-0047",
    "Verification of TLS switched off",
    "Every connection of the service can be listened to and changed on the way, and nothing says "
    "so.",
    "HIGH",
    "Leave the setting out; mount the certificate of the authority that is missing.",
    of_service(_judge),
    (),
    (),
)
