"""Containers can be put into running pods."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"pods/ephemeralcontainers"}, {"create", "get", "update", "patch"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0244",
    "Containers can be put into running pods",
    "A container that is put into a pod has its token, its processes and its network, and "
    "an image of the attacker's choice.",
    "HIGH",
    "Remove pods/ephemeralcontainers; give it to people for a time, not to programs.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
