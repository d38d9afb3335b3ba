"""Kubelets are asked without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if program.flag("kubelet-https") == "false":
            yield program.fails_with("asks kubelets without TLS", "kubelet-https")


check = Check(
    "K8S-1004",
    "Kubelets are asked without TLS",
    "Commands and logs of pods pass unencrypted.",
    "HIGH",
    "Remove --kubelet-https=false.",
    _judge,
    ("KCV-0004", "CIS-1.2.4"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
