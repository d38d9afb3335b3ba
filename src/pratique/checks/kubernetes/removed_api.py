"""An API version that is no longer served."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.removed import REMOVED
from pratique.model.check import Check, Failure

_CHANGED = ("Ingress", "CustomResourceDefinition", "NetworkPolicy", "HorizontalPodAutoscaler")
"""Whose fields are others now: the version alone is no fix."""


def _judge(one: Object) -> Iterator[Failure]:
    if found := REMOVED.get((one.api_version, one.kind)):
        release, replacement = found
        put = replacement if "/" in replacement else ""
        yield one.fails(
            f"has {one.api_version}, which Kubernetes {release} no longer serves: {replacement}",
            "apiVersion",
            put=put if one.kind not in _CHANGED else "",
        )


check = Check(
    "K8S-0107",
    "An API version that is no longer served",
    "The cluster refuses the object, or another controller than expected takes it; "
    "policies that were meant for it do not hold.",
    "LOW",
    "Write it for the version that replaces it.",
    _judge,
    ("KSV-0107",),
    ("https://kubernetes.io/docs/reference/using-api/deprecation-guide/",),
)
