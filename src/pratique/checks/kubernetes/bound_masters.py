"""Rights are given to system:masters."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import subjects
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for subject in subjects(one):
        if subject.get("name") == "system:masters":
            role = one.get("roleRef", "name")
            yield subject.fails_at(f"gives {role} to {subject.get('name')}", subject.span)


check = Check(
    "K8S-0123",
    "Rights are given to system:masters",
    "Members of system:masters pass by authorisation altogether: nothing takes their "
    "rights away again.",
    "CRITICAL",
    "Bind the role to those who need it, by name.",
    _judge,
    ("KSV-0123", "CIS-5.1.7"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
