"""The kubelet's read-only port is open."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "KubeletConfiguration" and one.get("readOnlyPort"):
        yield one.fails(
            f"opens its read-only port {one.get('readOnlyPort')}", "readOnlyPort", put="0"
        )


check = Check(
    "K8S-0283",
    "The kubelet's read-only port is open",
    "It tells everybody, unencrypted, which pods run with which settings.",
    "MEDIUM",
    "Set readOnlyPort to 0.",
    _judge,
    ("CIS-4.2.4",),
    ("https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",),
)
