"""The proxy of nodes is open."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import READ, WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"nodes/proxy"}, READ | WRITE)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0047",
    "The proxy of nodes is open",
    "nodes/proxy leads to the kubelet itself, past admission and the audit log: it runs "
    "commands in every pod of the node.",
    "HIGH",
    "Remove it; nodes/metrics and nodes/stats serve monitoring.",
    _judge,
    ("KSV-0047", "CIS-5.1.10"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
