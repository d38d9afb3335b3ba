"""Every URL of the API server is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "ClusterRole"):
        if "*" in rule.names("nonResourceURLs"):
            yield rule.fails_at(f"allows {rule.verbs} on every URL of the API server", rule.span)


check = Check(
    "K8S-0246",
    "Every URL of the API server is allowed",
    "Paths that are no resources lead to profiles, logs and debugging of the API server.",
    "MEDIUM",
    "List the paths that are needed, such as /healthz and /metrics.",
    _judge,
    ("CIS-5.1.3",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
