"""A cluster role reaches secrets."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import READ, WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "ClusterRole"):
        found = rule.grants({"secrets"}, READ | WRITE)
        if found:
            yield rule.fails_at(
                f"allows {rule.verbs} on {', '.join(found)}",
                rule.span,
                severity="MEDIUM" if rule.is_limited else "",
            )


check = Check(
    "K8S-0041",
    "A cluster role reaches secrets",
    "Secrets hold the keys of everything else, also the tokens of stronger service "
    "accounts: who reads them all in all namespaces soon is an administrator.",
    "HIGH",
    "Name the secrets (resourceNames), or use a Role in the one namespace.",
    _judge,
    ("KSV-0041", "CIS-5.1.2"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
