"""DC-0013: the environment of a service gives a secret away."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.secret_names import is_secret, is_weak
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for setting in service.settings("environment"):
        if is_secret(setting.name, setting.value) and not is_weak(setting.value):
            yield Failure(f"{setting.name} has a value that looks like a secret", *setting.span)


check = Check(
    "DC-0013",
    "Secret in the environment",
    "The file is shared with the source code, and the environment of a container is shown by "
    "inspect, by logs of errors and to every process in it.",
    "HIGH",
    "Use secrets: and the setting that ends in _FILE, or ${NAME} from a file that is not shared.",
    of_service(_judge),
    (),
    ("https://docs.docker.com/compose/how-tos/use-secrets/",),
)
