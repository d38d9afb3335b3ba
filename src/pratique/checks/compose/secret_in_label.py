"""DC-0016: a label or a command gives a secret away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.secret_names import is_secret
from pratique.model.check import Check, Failure

_OPTION = re.compile(r"--?([\w-]{2,40})[= ]([^\s-][^\s]*)")


def _judge(service: Service) -> Iterator[Failure]:
    for setting in service.settings("labels"):
        if is_secret(setting.name, setting.value):
            yield Failure(f"the label {setting.name} looks like a secret", *setting.span)
    for key in ("command", "entrypoint"):
        words = list(service.items(key))
        following = [word for word, _ in words[1:]] + [""]
        for (word, span), after in zip(words, following, strict=False):
            for name, value in _OPTION.findall(f"{word} {after}"):
                if f"-{name}" in word and is_secret(name, value):
                    yield Failure(f"the option {name} looks like a secret", *span)


check = Check(
    "DC-0016",
    "Secret in a label or a command",
    "Labels and command lines are shown by every tool that lists containers or processes.",
    "HIGH",
    "Use secrets: and a setting that names the file.",
    of_service(_judge),
    (),
    (),
)
