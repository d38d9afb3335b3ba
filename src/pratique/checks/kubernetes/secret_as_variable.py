"""A Secret becomes an environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.codecs.located import Map
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for variable, span in container.maps("env"):
            if Part(variable, "").mapping("valueFrom", "secretKeyRef"):
                name = variable.get("name")
                yield container.fails_at(f"has a Secret in its variable {name}", span)
        for source, span in container.maps("envFrom"):
            if isinstance(secret := source.get("secretRef"), Map):
                name = secret.get("name")
                yield container.fails_at(f"has all of the Secret {name} as variables", span)


check = Check(
    "K8S-0215",
    "A Secret becomes an environment variable",
    "Environments are inherited by child processes, and land in crash reports and "
    "debugging output; files do not.",
    "LOW",
    "Mount the Secret as a volume, and read it from there.",
    _judge,
    ("CIS-5.4.1",),
    ("https://kubernetes.io/docs/concepts/security/secrets-good-practices/",),
)
