"""Kubelets are not verified."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not program.flag("kubelet-certificate-authority"):
            yield program.fails_with(
                "does not verify the certificates of kubelets", "kubelet-certificate-authority"
            )


check = Check(
    "K8S-1006",
    "Kubelets are not verified",
    "Whoever stands in for a kubelet gets what is typed into `kubectl exec`, and the API "
    "server's certificate.",
    "MEDIUM",
    "Set --kubelet-certificate-authority.",
    _judge,
    ("KCV-0006", "CIS-1.2.5"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
