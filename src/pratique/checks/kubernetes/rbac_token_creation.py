"""Tokens of service accounts can be made."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = [] if rule.is_limited else rule.grants({"serviceaccounts/token"}, {"create"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0240",
    "Tokens of service accounts can be made",
    "Who makes a token of a service account has all of its rights.",
    "HIGH",
    "Name the service accounts in resourceNames.",
    _judge,
    ("CIS-5.1.13",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
