"""Rights can be escalated."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import RBAC, rules
from pratique.model.check import Check, Failure

_ROLES = frozenset({"roles", "clusterroles"})


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = [] if rule.is_limited else rule.grants(_ROLES, {"bind", "escalate"}, RBAC)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0243",
    "Rights can be escalated",
    "The verbs bind and escalate lift the rule that nobody hands out more rights than "
    "they have: who has them is an administrator.",
    "HIGH",
    "Remove the verbs, or name the roles in resourceNames.",
    _judge,
    ("KSV-0050", "CIS-5.1.8"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
