"""A role reaches a namespace's secrets."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import READ, WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one, "Role"):
        found = [] if rule.is_limited else rule.grants({"secrets"}, READ | WRITE)
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0113",
    "A role reaches a namespace's secrets",
    "Who reads all secrets of a namespace has all that its applications have.",
    "MEDIUM",
    "Name the secrets that are needed in resourceNames.",
    _judge,
    ("KSV-0113", "KSV-0041", "CIS-5.1.2"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
