"""A secret in the environment."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.secrets import secret_in
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for variable, span in container.maps("env"):
            name = str(variable.get("name", ""))
            if found := secret_in(name, variable.get("value")):
                yield container.fails_at(f"has {found}, in its variable {name}", span)


check = Check(
    "K8S-0214",
    "A secret in the environment",
    "What a manifest holds is read by all who can read the repository or the object.",
    "HIGH",
    "Put it into a Secret, made outside of the repository, and mount that.",
    _judge,
    ("CIS-5.4.1",),
    ("https://kubernetes.io/docs/concepts/security/secrets-good-practices/",),
)
