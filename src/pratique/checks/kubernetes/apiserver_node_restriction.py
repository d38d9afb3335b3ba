"""Nodes may change other nodes."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "NodeRestriction" not in program.words("enable-admission-plugins"):
            yield program.fails_with(
                "lets nodes change other nodes (NodeRestriction)", "enable-admission-plugins"
            )


check = Check(
    "K8S-1016",
    "Nodes may change other nodes",
    "With a kubelet's certificate an attacker relabels other nodes and has pods land on "
    "the own one.",
    "MEDIUM",
    "Add NodeRestriction to --enable-admission-plugins.",
    _judge,
    ("KCV-0016", "CIS-1.2.14"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
