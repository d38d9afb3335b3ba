"""Images on a node are everybody's."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "AlwaysPullImages" not in program.words("enable-admission-plugins"):
            yield program.fails_with(
                "lets pods run images that they have no credentials for (AlwaysPullImages)",
                "enable-admission-plugins",
            )


check = Check(
    "K8S-1012",
    "Images on a node are everybody's",
    "Without AlwaysPullImages a pod runs any image that its node has, also one it has no "
    "credentials for.",
    "LOW",
    "Add AlwaysPullImages to --enable-admission-plugins.",
    _judge,
    ("KCV-0012", "CIS-1.2.11"),
    ("https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",),
)
