"""DC-0015: a build argument gives a secret away."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.secret_names import is_secret
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for setting in service.settings("build", "args"):
        if is_secret(setting.name, setting.value):
            yield Failure(f"the build argument {setting.name} looks like a secret", *setting.span)


check = Check(
    "DC-0015",
    "Secret in a build argument",
    "It is in this file, and stays in the history of the image that is built.",
    "HIGH",
    "Use build.secrets, and RUN --mount=type=secret in the Dockerfile.",
    of_service(_judge),
    (),
    ("https://docs.docker.com/build/building/secrets/",),
)
