"""Network objects can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import CHANGE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "ClusterRole"):
        found = [
            *rule.grants({"services", "endpoints"}, CHANGE | {"delete"}),
            *rule.grants(
                {"ingresses", "networkpolicies"}, CHANGE | {"delete"}, "networking.k8s.io"
            ),
            *rule.grants({"endpointslices"}, CHANGE | {"delete"}, "discovery.k8s.io"),
        ]
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0056",
    "Network objects can be changed",
    "Who writes Services, Ingresses or network policies leads traffic elsewhere, or opens "
    "what was closed.",
    "MEDIUM",
    "Use a Role in the one namespace.",
    _judge,
    ("KSV-0056",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
