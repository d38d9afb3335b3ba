"""A ConfigMap holds a secret."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.secrets import secret_in, settings_in
from pratique.model.check import Check, Failure


def _inside(value: object) -> str:
    found = ((name, secret_in(name, word)) for name, word in settings_in(value))
    return next((f"{what} ({name})" for name, what in found if what), "")


def _judge(one: Object) -> Iterator[Failure]:
    for key, value in one.mapping("data").items() if one.kind == "ConfigMap" else ():
        found = secret_in(key, value) or _inside(value)
        if found:
            yield one.fails(f"has {found}, under {key}", "data", key)


check = Check(
    "K8S-0109",
    "A ConfigMap holds a secret",
    "ConfigMaps are read by far more accounts than Secrets, and are not encrypted where "
    "Secrets are.",
    "HIGH",
    "Put it into a Secret, made outside of the repository.",
    _judge,
    ("KSV-0109", "KSV-01010"),
    ("https://kubernetes.io/docs/concepts/configuration/configmap/",),
)
