"""Host names are redirected."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.pod.items("hostAliases"):
        yield one.pod.fails("redirects host names with hostAliases", "hostAliases")


check = Check(
    "K8S-0007",
    "Host names are redirected",
    "hostAliases writes /etc/hosts of the containers: names lead elsewhere than DNS says, "
    "unseen by those who look there.",
    "LOW",
    "Use DNS or a Service of type ExternalName.",
    _judge,
    ("KSV-0007",),
    ("https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/",),
)
