"""Workloads can be created or changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import CHANGE, rules
from pratique.model.check import Check, Failure

_WORKLOADS = {
    "": {"pods", "replicationcontrollers"},
    "apps": {"deployments", "statefulsets", "daemonsets", "replicasets"},
    "batch": {"jobs", "cronjobs"},
}


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = [
            name
            for group in ("", "apps", "batch")
            for name in rule.grants(_WORKLOADS[group], CHANGE, group)
        ]
        if found:
            yield rule.fails_at(
                f"allows {rule.verbs} on {', '.join(found)}",
                rule.span,
                severity="LOW" if rule.role == "Role" else "",
            )


check = Check(
    "K8S-0048",
    "Workloads can be created or changed",
    "Who makes pods runs them as any service account of the namespace, and mounts any of "
    "its secrets.",
    "MEDIUM",
    "Allow it to the deployment tool alone, in its namespaces.",
    _judge,
    ("KSV-0048", "CIS-5.1.4"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
