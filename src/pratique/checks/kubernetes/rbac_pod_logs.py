"""Logs of pods can be deleted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"pods/log"}, {"delete", "deletecollection"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0042",
    "Logs of pods can be deleted",
    "Who deletes logs deletes the traces of an attack.",
    "MEDIUM",
    "Remove the verb.",
    _judge,
    ("KSV-0042",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
