"""DC-0014: a password that everybody tries first, or none."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.secret_names import is_secret, is_weak
from pratique.model.check import Check, Failure

_NONE = {
    "MYSQL_ALLOW_EMPTY_PASSWORD": ("yes", "true", "1"),
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": ("yes", "true", "1"),
    "ALLOW_EMPTY_PASSWORD": ("yes", "true", "1"),
    "ALLOW_ANONYMOUS_LOGIN": ("yes", "true", "1"),
    "ALLOW_PLAINTEXT_LISTENER": ("yes", "true"),
    "POSTGRES_HOST_AUTH_METHOD": ("trust",),
    "NEO4J_AUTH": ("none",),
    "xpack.security.enabled": ("false",),
    "DISABLE_SECURITY_PLUGIN": ("true",),
    "GF_AUTH_ANONYMOUS_ENABLED": ("true",),
}


def _judge(service: Service) -> Iterator[Failure]:
    for setting in service.settings("environment"):
        name, value = setting.name, setting.value
        if value.lower() in _NONE.get(name, ()):
            yield Failure(f"{name}={value} lets in without a password", *setting.span)
        elif is_secret(name, value) and is_weak(value):
            yield Failure(f"{name} is a password that everybody tries first", *setting.span)


check = Check(
    "DC-0014",
    "Weak password, or none",
    "Whoever reaches the port is in. Such passwords are the first that are tried.",
    "HIGH",
    "Make a long random one, and give it by secrets: or ${NAME:?}.",
    of_service(_judge),
    (),
    (),
)
