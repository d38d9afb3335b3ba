"""An API extension is not verified."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "APIService" and one.get("spec", "insecureSkipTLSVerify") is True:
        yield one.fails(
            "is asked without verifying its certificate", "spec", "insecureSkipTLSVerify"
        )


check = Check(
    "K8S-0271",
    "An API extension is not verified",
    "With insecureSkipTLSVerify anybody on the way can answer as the extension, and see "
    "what is asked.",
    "HIGH",
    "Set caBundle instead.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/",),
)
