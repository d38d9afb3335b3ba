"""The default service account mounts its token."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind != "ServiceAccount" or one.name != "default":
        return
    key = "automountServiceAccountToken"
    if one.get(key) is not False:
        yield one.fails("mounts its token into every pod", key, put="false")


check = Check(
    "K8S-0207",
    "The default service account mounts its token",
    "Pods that name no service account get the token of the default one.",
    "LOW",
    "Set automountServiceAccountToken to false.",
    _judge,
    ("CIS-5.1.5", "NSA-service-account-token"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",),
)
