"""Namespaces are not looked after."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "NamespaceLifecycle" in program.words("disable-admission-plugins"):
            yield program.fails_with(
                "does not look after namespaces (NamespaceLifecycle)", "disable-admission-plugins"
            )


check = Check(
    "K8S-1015",
    "Namespaces are not looked after",
    "Objects can be made in namespaces that do not exist or are being deleted, and kube- "
    "system can be deleted.",
    "MEDIUM",
    "Remove NamespaceLifecycle from --disable-admission-plugins.",
    _judge,
    ("KCV-0015", "CIS-1.2.13"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
