"""Secrets are stored unencrypted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "EncryptionConfiguration":
        for resource, span in one.maps("resources"):
            part = Part(resource, "")
            providers = part.maps("providers")
            if "secrets" in part.names("resources") and providers and "identity" in providers[0][0]:
                yield one.fails_at("writes secrets unencrypted", span)


check = Check(
    "K8S-0280",
    "Secrets are stored unencrypted",
    "The first provider of the list is the one that writes: `identity` writes as it is.",
    "MEDIUM",
    "Put kms, secretbox or aesgcm first.",
    _judge,
    ("CIS-1.2.28",),
    ("https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",),
)
