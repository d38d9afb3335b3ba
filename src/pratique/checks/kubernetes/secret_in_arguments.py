"""A secret on the command line."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.secrets import secret_in
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for key in ("command", "args"):
            for word in container.names(key):
                name, _, value = word.lstrip("-").partition("=")
                if " " not in name and (found := secret_in(name, value)):
                    yield container.fails(f"has {found}, on its command line: {name}", key)


check = Check(
    "K8S-0217",
    "A secret on the command line",
    "Command lines are read by every process of the node, and by all who can read the manifest.",
    "HIGH",
    "Give the program a file to read it from.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/secrets-good-practices/",),
)
