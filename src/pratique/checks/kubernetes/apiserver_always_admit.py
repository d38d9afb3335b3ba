"""Everything is admitted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "AlwaysAdmit" in program.words("enable-admission-plugins"):
            yield program.fails_with("admits everything (AlwaysAdmit)", "enable-admission-plugins")


check = Check(
    "K8S-1011",
    "Everything is admitted",
    "AlwaysAdmit checks nothing; it does not belong beside other plugins.",
    "MEDIUM",
    "Remove AlwaysAdmit from --enable-admission-plugins.",
    _judge,
    ("KCV-0011", "CIS-1.2.10"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
