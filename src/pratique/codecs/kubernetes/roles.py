"""What the roles of RBAC allow, and whom bindings give them to."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part

READ = frozenset({"get", "list", "watch"})
WRITE = frozenset({"create", "update", "patch", "delete", "deletecollection"})
CHANGE = frozenset({"create", "update", "patch"})
RBAC = "rbac.authorization.k8s.io"


class Rule(Part, frozen=True, gc=False):
    """One rule of a role."""

    role: str = ""
    """Role or ClusterRole."""

    def grants(
        self, resources: AbstractSet[str], verbs: AbstractSet[str], group: str = ""
    ) -> list[str]:
        """Return those of the resources, named by the rule, on which it allows one of the verbs.

        Every verb (`*`) counts; every resource does not, for that is a finding of its own.
        """
        allowed = set(self.names("verbs"))
        groups = self.names("apiGroups")
        if not allowed & (verbs | {"*"}) or (group not in groups and "*" not in groups):
            return []
        return [name for name in self.names("resources") if name in resources]

    @property
    def is_of_extensions(self) -> bool:
        """Whether it is for API groups alone that are not Kubernetes' own."""
        return all("." in g and not g.endswith(".k8s.io") for g in self.names("apiGroups"))

    @property
    def verbs(self) -> str:
        return ", ".join(self.names("verbs"))

    @property
    def is_limited(self) -> bool:
        """Whether it is for some objects alone, by their names."""
        return bool(self.names("resourceNames"))


def rules(one: Object, *kinds: str) -> Iterator[Rule]:
    """Yield the rules of a Role or a ClusterRole; `kinds` may ask for one of the two."""
    if one.group == RBAC and one.kind in (kinds or ("Role", "ClusterRole")):
        for value, span in one.maps("rules"):
            yield Rule(value, "the role", span, one.lines, one.kind)


def is_binding(one: Object) -> bool:
    return one.group == RBAC and one.kind in ("RoleBinding", "ClusterRoleBinding")


def subjects(one: Object) -> Iterator[Part]:
    """Yield the users, groups and service accounts of a binding."""
    if is_binding(one):
        for value, span in one.maps("subjects"):
            yield Part(value, "the binding", span, one.lines)
