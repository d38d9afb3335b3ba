"""Events are not limited."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "EventRateLimit" not in program.words("enable-admission-plugins"):
            yield program.fails_with(
                "does not limit events (EventRateLimit)", "enable-admission-plugins"
            )


check = Check(
    "K8S-1010",
    "Events are not limited",
    "One broken or hostile pod fills etcd with events.",
    "LOW",
    "Add EventRateLimit to --enable-admission-plugins, with its configuration.",
    _judge,
    ("KCV-0010", "CIS-1.2.9"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
