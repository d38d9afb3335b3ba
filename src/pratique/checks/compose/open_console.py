"""DC-0042: consoles and proxies that are open to everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_COMMAND = re.compile(
    r"^--api\.insecure(?:=true)?$|^--providers\.docker\.exposedbydefault=true$"
    r"|^--(?:disable-?auth|no-?auth|without-?auth|insecure|skip-login|enable-skip-login)(?:=true)?$"
    r"|^--(?:NotebookApp|ServerApp|IdentityProvider)\.(?:token|password)=(?:''|\"\")?$"
    r"|^--auth-mode=(?:server)?none$|^--tls=false$|^--accept-?all$",
    re.IGNORECASE,
)
_SETTINGS = {
    "TRAEFIK_API_INSECURE": "true", "PMA_ARBITRARY": "1", "ME_CONFIG_BASICAUTH": "false",
    "AUTH_ENABLED": "false", "DISABLE_AUTH": "true", "N8N_BASIC_AUTH_ACTIVE": "false",
}  # fmt: skip


def _judge(service: Service) -> Iterator[Failure]:
    for key in ("command", "entrypoint"):
        for written, span in service.items(key):
            for word in written.split():
                if _COMMAND.match(word):
                    yield Failure(f"{key}: {word}", *span)
    for setting in service.settings("environment"):
        expected = _SETTINGS.get(setting.name)
        if expected and setting.value.lower() == expected:
            yield Failure(f"{setting.name}={setting.value}", *setting.span)


check = Check(
    "DC-0042",
    "Console open without a password",
    "Whoever reaches it reads how everything is connected, or changes it.",
    "HIGH",
    "Switch the insecure mode off, and put the console behind a password.",
    of_service(_judge),
    (),
    (),
)
