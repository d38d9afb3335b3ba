"""cluster-admin is bound."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import is_binding
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if is_binding(one) and one.get("roleRef", "name") == "cluster-admin":
        limited = one.kind == "RoleBinding"
        message = "binds cluster-admin" + (", in one namespace" if limited else "")
        yield one.fails(message, "roleRef", "name", severity="MEDIUM" if limited else "")


check = Check(
    "K8S-0111",
    "cluster-admin is bound",
    "cluster-admin may do everything, everywhere.",
    "HIGH",
    "Bind a role with the rights that are needed.",
    _judge,
    ("KSV-0111", "CIS-5.1.1"),
    ("https://kubernetes.io/docs/concepts/security/rbac-good-practices/",),
)
