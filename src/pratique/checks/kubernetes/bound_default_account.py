"""Rights are given to a default service account."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import subjects
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for subject in subjects(one):
        if subject.get("kind") == "ServiceAccount" and subject.get("name") == "default":
            role = one.get("roleRef", "name")
            yield subject.fails_at(f"gives {role} to the default service account", subject.span)


check = Check(
    "K8S-0208",
    "Rights are given to a default service account",
    "Every pod of the namespace that names no service account has them.",
    "MEDIUM",
    "Make a service account for the one workload.",
    _judge,
    ("CIS-5.1.5",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
