"""An Ingress answers to every name."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Ingress":
        for rule, span in one.maps("spec", "rules"):
            if rule.get("host") in (None, "", "*"):
                yield one.fails_at("answers to every host name", span)


check = Check(
    "K8S-0264",
    "An Ingress answers to every name",
    "A rule without a host, or for *, takes the requests that nobody else claims, "
    "whatever name they ask for.",
    "LOW",
    "Name the hosts.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/services-networking/ingress/",),
)
