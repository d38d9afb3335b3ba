"""A namespace allows privileged pods."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_LABEL = "pod-security.kubernetes.io/enforce"


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Namespace" and one.get("metadata", "labels", _LABEL) == "privileged":
        yield one.fails("allows privileged pods", "metadata", "labels", _LABEL)


check = Check(
    "K8S-0255",
    "A namespace allows privileged pods",
    "With the level privileged nothing is checked.",
    "MEDIUM",
    "Label it pod-security.kubernetes.io/enforce: baseline, or better restricted.",
    _judge,
    ("CIS-5.2.1",),
    ("https://kubernetes.io/docs/concepts/security/pod-security-admission/",),
)
