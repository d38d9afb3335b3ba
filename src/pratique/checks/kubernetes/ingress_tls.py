"""An Ingress without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_ELSEWHERE = ("certificate-arn", "managed-certificates", "pre-shared-cert", "ssl-cert",
              "ssl-passthrough", "router.tls")  # fmt: skip
"""Annotations by which load balancers take their certificates."""


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Ingress" and not one.items("spec", "tls"):
        annotations = one.mapping("metadata", "annotations")
        if not any(sign in key for key in annotations for sign in _ELSEWHERE):
            yield one.fails("has no TLS", "spec", "rules")


check = Check(
    "K8S-0262",
    "An Ingress without TLS",
    "What passes, passwords and sessions included, can be read and changed on the way.",
    "MEDIUM",
    "Add spec.tls with a certificate's Secret.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",),
)
