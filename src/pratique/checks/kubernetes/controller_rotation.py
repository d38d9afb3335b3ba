"""Certificates of kubelets are not renewed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if "RotateKubeletServerCertificate=false" in program.words("feature-gates"):
            yield program.fails_with("does not renew the certificates of kubelets", "feature-gates")


check = Check(
    "K8S-1038",
    "Certificates of kubelets are not renewed",
    "They are made to last long, or run out.",
    "LOW",
    "Remove RotateKubeletServerCertificate=false from --feature-gates.",
    _judge,
    ("KCV-0038", "CIS-1.3.6"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
