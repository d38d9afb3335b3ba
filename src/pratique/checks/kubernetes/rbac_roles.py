"""Roles can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import RBAC, WRITE, rules
from pratique.model.check import Check, Failure

_OBJECTS = frozenset({"roles", "clusterroles"})


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants(_OBJECTS, WRITE, RBAC)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0050",
    "Roles can be changed",
    "Who writes roles and bindings hands out rights; the API server holds it back to the "
    "rights that it has, but not to whom.",
    "HIGH",
    "Leave it to administrators.",
    _judge,
    ("KSV-0050", "CIS-5.1.8"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
