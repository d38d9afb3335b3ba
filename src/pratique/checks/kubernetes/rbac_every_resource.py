"""Every resource is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import READ, WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        verbs = set(rule.names("verbs"))
        if "*" in rule.names("resources") and "*" not in verbs and verbs & (READ | WRITE):
            yield rule.fails_at(
                f"allows {rule.verbs} on every resource",
                rule.span,
                severity="MEDIUM" if rule.role == "Role" or rule.is_of_extensions else "",
            )


check = Check(
    "K8S-0046",
    "Every resource is allowed",
    "Every resource is also secrets, roles, and what is added to the cluster later.",
    "HIGH",
    "List the resources that are needed.",
    _judge,
    ("KSV-0046", "CIS-5.1.3"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
