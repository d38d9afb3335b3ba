"""Everything is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "ClusterRole"):
        if "*" in rule.names("resources") and "*" in rule.names("verbs"):
            groups = rule.names("apiGroups")
            where = "every API group" if "*" in groups else f"API group {', '.join(groups)}"
            severity = "MEDIUM" if rule.is_of_extensions else ""
            yield rule.fails_at(f"allows everything in {where}", rule.span, severity=severity)


check = Check(
    "K8S-0044",
    "Everything is allowed",
    "Every verb on every resource is cluster-admin by another name: also what is added to "
    "the cluster later.",
    "CRITICAL",
    "List the resources and verbs that are needed.",
    _judge,
    ("KSV-0044", "KSV-0045", "KSV-0046", "CIS-5.1.3"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
