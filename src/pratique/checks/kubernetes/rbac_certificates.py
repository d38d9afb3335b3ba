"""Certificates can be approved."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants(
            {"certificatesigningrequests/approval"}, {"update", "patch"}, "certificates.k8s.io"
        )
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0242",
    "Certificates can be approved",
    "Who approves certificate requests makes users of the cluster, of any name and group.",
    "HIGH",
    "Leave it to the control plane.",
    _judge,
    ("CIS-5.1.11",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
