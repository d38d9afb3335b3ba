"""EKS's map of users can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.roles import WRITE, rules
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for rule in rules(one):
        if rule.grants({"configmaps"}, WRITE) and "aws-auth" in rule.names("resourceNames"):
            yield rule.fails_at(f"allows {rule.verbs} on the ConfigMap aws-auth", rule.span)


check = Check(
    "K8S-0115",
    "EKS's map of users can be changed",
    "The ConfigMap aws-auth says which AWS identities are administrators of the cluster.",
    "CRITICAL",
    "Remove the rule, or aws-auth from its resourceNames.",
    _judge,
    ("KSV-0115",),
    ("https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",),
)
