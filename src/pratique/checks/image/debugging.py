"""IMG-0049: the environment switches debugging on."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_ON = frozenset({"1", "true", "yes", "on"})
_SWITCHES = frozenset(
    {"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "RAILS_DEBUG", "WERKZEUG_DEBUG"}
)
_MODES = {
    "FLASK_ENV": "development", "ASPNETCORE_ENVIRONMENT": "development", "RAILS_ENV": "development",
    "RACK_ENV": "development", "NODE_ENV": "development", "APP_ENV": "local",
    "DOTNET_ENVIRONMENT": "development", "SPRING_PROFILES_ACTIVE": "dev",
}  # fmt: skip


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for name, value in image.environment.items():
        if name in _SWITCHES and value.lower() in _ON:
            severity = "MEDIUM" if name in ("FLASK_DEBUG", "WERKZEUG_DEBUG") else ""
            yield Failure(f"ENV {name}={value} is for debugging", severity=severity)
        elif _MODES.get(name) == value.lower():
            yield Failure(f"ENV {name}={value} is for development")


check = Check(
    "IMG-0049",
    "Debugging switched on",
    "Errors then show source code, settings and, with Werkzeug, a console that runs code.",
    "LOW",
    "Leave it out of the image that is deployed.",
    _judge,
)
