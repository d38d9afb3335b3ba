"""Role bindings can be made."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import CHANGE, RBAC, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"rolebindings"}, CHANGE, RBAC)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0051",
    "Role bindings can be made",
    "Who makes role bindings gives to anybody what they have themselves.",
    "HIGH",
    "Leave it to administrators.",
    _judge,
    ("KSV-0051", "KSV-0055"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
