"""Ports of pods can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"pods/portforward"}, {"create", "get", "update", "patch"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0249",
    "Ports of pods can be reached",
    "Port forwarding reaches what network policies and authentication at the edge should "
    "keep closed.",
    "MEDIUM",
    "Remove pods/portforward; give it to people for a time, not to programs.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
