"""Services may take external addresses."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "DenyServiceExternalIPs" not in program.words("enable-admission-plugins"):
            yield program.fails_with(
                "does not deny Services with external addresses", "enable-admission-plugins"
            )


check = Check(
    "K8S-1003",
    "Services may take external addresses",
    "Who may make Services takes the traffic of other addresses (CVE-2020-8554).",
    "LOW",
    "Add DenyServiceExternalIPs to --enable-admission-plugins.",
    _judge,
    ("KCV-0003", "CIS-1.2.3"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
