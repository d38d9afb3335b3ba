"""A projected token lives long."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.model.check import Check, Failure

_DAY = 86_400


def _judge(one: Object) -> Iterator[Failure]:
    for volume, _ in one.pod.volumes if one.pod else ():
        for source, span in Part(volume, "").maps("projected", "sources"):
            seconds = Part(source, "").get("serviceAccountToken", "expirationSeconds")
            if isinstance(seconds, int) and seconds > _DAY:
                yield Failure(f"the pod has a token that lives {seconds // 3600} hours", *span)


check = Check(
    "K8S-0228",
    "A projected token lives long",
    "A stolen token is good until it expires; the kubelet renews short ones by itself.",
    "LOW",
    "Set expirationSeconds to an hour (3600) or less than a day.",
    _judge,
    ("NSA-service-account-token",),
    ("https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",),
)
