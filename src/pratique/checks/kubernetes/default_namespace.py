"""The default namespace is used."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.namespace == "default" and one.kind not in ("Namespace", "Event"):
        yield one.fails("is in the namespace default", "metadata", "namespace")


check = Check(
    "K8S-0110",
    "The default namespace is used",
    "What lies in one namespace shares its service accounts, policies and quotas; "
    "`default` is where everything lands that nobody thought about.",
    "LOW",
    "Make a namespace for it.",
    _judge,
    ("KSV-0110", "CIS-5.7.4"),
    ("https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",),
)
