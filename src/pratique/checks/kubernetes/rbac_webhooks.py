"""Admission webhooks can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import WRITE, rules
from pratique.model.check import Check, Failure

_WEBHOOKS = frozenset(
    {
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
        "mutatingadmissionpolicies",
        "validatingadmissionpolicies",
    }
)


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants(_WEBHOOKS, WRITE, "admissionregistration.k8s.io")
        if found:
            yield rule.fails_at(
                f"allows {rule.verbs} on {', '.join(found)}",
                rule.span,
                severity="MEDIUM" if rule.is_limited else "",
            )


check = Check(
    "K8S-0114",
    "Admission webhooks can be changed",
    "A webhook sees every object that is written, secrets included, and may change it.",
    "HIGH",
    "Leave it to administrators, or name the one webhook in resourceNames.",
    _judge,
    ("KSV-0114", "CIS-5.1.12"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
