"""Service accounts are not assigned."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "ServiceAccount" in program.words("disable-admission-plugins"):
            yield program.fails_with(
                "does not assign service accounts", "disable-admission-plugins"
            )


check = Check(
    "K8S-1014",
    "Service accounts are not assigned",
    "Pods get no service account: whatever relies on theirs fails, or runs with other rights.",
    "MEDIUM",
    "Remove ServiceAccount from --disable-admission-plugins.",
    _judge,
    ("KCV-0014", "CIS-1.2.12"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
