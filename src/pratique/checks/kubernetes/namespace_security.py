"""A namespace enforces no pod security standard."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_LABEL = "pod-security.kubernetes.io/enforce"


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Namespace" and not one.name.startswith("kube-") and one.api_version == "v1":
        labels = one.mapping("metadata", "labels")
        if _LABEL not in labels:
            yield one.fails("enforces no pod security standard", "metadata", "labels")


check = Check(
    "K8S-0254",
    "A namespace enforces no pod security standard",
    "Pod Security Admission lets every pod in unless the namespace has its label.",
    "LOW",
    "Label it pod-security.kubernetes.io/enforce: restricted (or baseline).",
    _judge,
    ("CIS-5.2.1",),
    ("https://kubernetes.io/docs/concepts/security/pod-security-admission/",),
)
