"""Seccomp is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.codecs.located import Span, span_of
from pratique.model.check import Check, Failure

_FIELD = ("securityContext", "seccompProfile", "type")


def _judge(one: Object) -> Iterator[Failure]:
    for part in (one.pod, *one.containers):
        if part and part.get(*_FIELD) == "Unconfined":
            yield part.fails("runs without seccomp", *_FIELD, put="RuntimeDefault")
    for key, value in one.pod.annotations.items() if one.pod else ():
        if "seccomp.security.alpha.kubernetes.io" in key and value == "unconfined":
            span = span_of(one.pod.metadata.get("annotations"), key) if one.pod else Span(0, 0)
            yield Failure("the pod runs without seccomp, by its annotation", *span)


check = Check(
    "K8S-0104",
    "Seccomp is switched off",
    "The container may ask the kernel for anything, also for what only attacks need.",
    "MEDIUM",
    "Set securityContext.seccompProfile.type to RuntimeDefault.",
    _judge,
    ("KSV-0104", "PSS-baseline-seccomp", "CIS-5.7.2", "NSA-hardening"),
    (STANDARDS,),
)
