"""DF-0072: debug modes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.model.check import Check, Failure

_YES = "1|true|yes|on"
_MODES = {
    "FLASK_DEBUG": _YES, "FLASK_ENV": "development", "WERKZEUG_DEBUG_PIN": "off",
    "DJANGO_DEBUG": _YES, "APP_DEBUG": _YES,
    "RAILS_ENV": "development", "RACK_ENV": "development", "ASPNETCORE_ENVIRONMENT": "development",
    "SYMFONY_DEBUG": _YES, "APP_ENV": "dev|development|local",
}  # fmt: skip
_OPTIONS = re.compile(
    r"--inspect(?:-brk)?=(?:0\.0\.0\.0|\[?::)|agentlib:jdwp=\S*address=(?:\*|0\.0\.0\.0)"
)


def _judge(build: Build) -> Iterator[Failure]:
    values: dict[str, tuple[str, int, int]] = {}
    for stage in reversed(build.shipped):
        for one in stage.all("ENV"):
            values |= {name: (value or "", one.start, one.end) for name, value in pairs(one)}
        for one in stage.all("CMD", "ENTRYPOINT"):
            if match := _OPTIONS.search(one.text):
                yield Failure(
                    f"{match[0]} lets everybody in the network debug the process",
                    one.start,
                    one.end,
                    "HIGH",
                )
    for name, (value, start, end) in values.items():
        if name in _MODES and re.fullmatch(_MODES[name], value, re.IGNORECASE):
            yield Failure(f"{name}={value} is for development", start, end)


check = Check(
    "DF-0072",
    "The image runs in debug mode",
    "Error pages show code, variables and secrets; some debuggers run what a visitor types.",
    "MEDIUM",
    "Set it in the Compose file of the developers, not in the image.",
    _judge,
    (),
    ("https://flask.palletsprojects.com/en/stable/debugging/",),
)
