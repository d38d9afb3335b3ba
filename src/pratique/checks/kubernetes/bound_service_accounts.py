"""Rights are given to every service account."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import subjects
from pratique.model.check import Check, Failure

_PUBLIC = ("system:public-info-viewer", "system:discovery", "system:basic-user")
"""That Kubernetes itself gives to all."""


def _judge(one: Object) -> Iterator[Failure]:
    for subject in subjects(one):
        if (
            subject.get("name") == "system:serviceaccounts"
            and one.get("roleRef", "name") not in _PUBLIC
        ):
            role = one.get("roleRef", "name")
            yield subject.fails_at(f"gives {role} to {subject.get('name')}", subject.span)


check = Check(
    "K8S-0248",
    "Rights are given to every service account",
    "Every pod of every namespace has what is bound to system:serviceaccounts.",
    "HIGH",
    "Bind the role to those who need it, by name.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
