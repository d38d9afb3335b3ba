"""Others can be impersonated."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = set(rule.names("resources")) & {"users", "groups", "serviceaccounts", "*"}
        if "impersonate" in rule.names("verbs") and found and not rule.is_limited:
            yield rule.fails_at(f"allows to impersonate {', '.join(sorted(found))}", rule.span)


check = Check(
    "K8S-0043",
    "Others can be impersonated",
    "Who may impersonate any user or group is whoever they say they are, administrators included.",
    "HIGH",
    "Remove the verb impersonate, or name the users in resourceNames.",
    _judge,
    ("KSV-0043", "CIS-5.1.8"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
