"""Everything in a namespace is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "Role"):
        if "*" in rule.names("resources") and "*" in rule.names("verbs"):
            yield rule.fails_at("allows everything in its namespace", rule.span)


check = Check(
    "K8S-0112",
    "Everything in a namespace is allowed",
    "Every verb on every resource of a namespace includes its secrets, and running pods "
    "as any of its service accounts.",
    "HIGH",
    "List the resources and verbs that are needed.",
    _judge,
    ("KSV-0112", "KSV-0044", "KSV-0045", "KSV-0046", "CIS-5.1.3"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
