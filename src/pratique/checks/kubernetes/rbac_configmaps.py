"""ConfigMaps of all namespaces can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "ClusterRole"):
        found = [] if rule.is_limited else rule.grants({"configmaps"}, WRITE)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0049",
    "ConfigMaps of all namespaces can be changed",
    "Applications and the cluster itself take their settings from ConfigMaps.",
    "MEDIUM",
    "Use a Role in the namespace, or name them in resourceNames.",
    _judge,
    ("KSV-0049",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
