"""Nodes can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"nodes"}, WRITE)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0245",
    "Nodes can be changed",
    "Who changes labels and taints of nodes decides which pods land where, and so whose "
    "secrets a node gets.",
    "MEDIUM",
    "Remove the verbs.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
