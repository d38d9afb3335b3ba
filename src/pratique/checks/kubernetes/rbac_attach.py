"""Pods can be attached to."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"pods/attach"}, {"create", "get", "update", "patch"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0054",
    "Pods can be attached to",
    "Who attaches sees what the process writes, and types into it.",
    "HIGH",
    "Remove pods/attach; give it to people for a time, not to programs.",
    _judge,
    ("KSV-0054",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
