"""Every verb is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        resources = rule.names("resources")
        if "*" in rule.names("verbs") and resources and "*" not in resources:
            yield rule.fails_at(
                f"allows every verb on {', '.join(resources)}",
                rule.span,
                severity="MEDIUM" if rule.role == "Role" or rule.is_of_extensions else "",
            )


check = Check(
    "K8S-0045",
    "Every verb is allowed",
    "Every verb is also delete, and those that a resource gets later, such as escalate "
    "and impersonate.",
    "HIGH",
    "List the verbs that are needed.",
    _judge,
    ("KSV-0045", "CIS-5.1.3"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
