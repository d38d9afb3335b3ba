"""A token for the API is mounted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import is_control_plane
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod is None or is_control_plane(one.pod):
        return
    account = one.pod.get("serviceAccountName") or one.pod.get("serviceAccount") or "default"
    mounts = one.pod.get("automountServiceAccountToken")
    if account == "default" and mounts is not False:
        yield one.pod.fails(
            "mounts a token of the default service account",
            "automountServiceAccountToken",
            put="false",
            severity="" if mounts else "LOW",
        )


check = Check(
    "K8S-0036",
    "A token for the API is mounted",
    "Pods get a token of their service account unless a manifest says otherwise. One that "
    "names no account of its own hardly asks the API for anything; whoever breaks in can.",
    "MEDIUM",
    "Set automountServiceAccountToken to false, or name the service account that the pod needs.",
    _judge,
    ("KSV-0036", "CIS-5.1.6", "NSA-service-account-token"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",),
)
