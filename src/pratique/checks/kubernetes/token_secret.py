"""A token that never expires."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Secret" and one.get("type") == "kubernetes.io/service-account-token":
        yield one.fails("holds a token that never expires", "type")


check = Check(
    "K8S-0229",
    "A token that never expires",
    "A Secret of this type holds a token of a service account that is good until somebody "
    "deletes it.",
    "MEDIUM",
    "Use short tokens: projected volumes, or `kubectl create token`.",
    _judge,
    ("NSA-service-account-token",),
    ("https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",),
)
