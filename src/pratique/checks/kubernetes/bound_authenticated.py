"""Rights are given to everybody who has an account."""

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
            subject.get("name") == "system:authenticated"
            and one.get("roleRef", "name") not in _PUBLIC
        ):
            role = one.get("roleRef", "name")
            yield subject.fails_at(f"gives {role} to {subject.get('name')}", subject.span)


check = Check(
    "K8S-01011",
    "Rights are given to everybody who has an account",
    "Everybody with an account of the cluster, every service account included, has what "
    "is bound to system:authenticated; with some providers that is everybody who has an "
    "account there.",
    "CRITICAL",
    "Bind the role to those who need it, by name.",
    _judge,
    ("KSV-01011",),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
