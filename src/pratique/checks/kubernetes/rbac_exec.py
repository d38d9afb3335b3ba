"""Commands can be run in pods."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        found = rule.grants({"pods/exec"}, {"create", "get", "update", "patch"})
        if found:
            yield rule.fails_at(f"allows {rule.verbs} on {', '.join(found)}", rule.span)


check = Check(
    "K8S-0053",
    "Commands can be run in pods",
    "A shell in a pod has its secrets, its token and its network.",
    "HIGH",
    "Remove pods/exec; give it to people for a time, not to programs.",
    _judge,
    ("KSV-0053",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
