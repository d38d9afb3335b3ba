"""Persistent volumes can be made."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"persistentvolumes"}, {"create"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0241",
    "Persistent volumes can be made",
    "A persistent volume may be a directory of the node: who makes one reads and writes there.",
    "MEDIUM",
    "Leave it to the storage provisioner.",
    _judge,
    ("CIS-5.1.9",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
