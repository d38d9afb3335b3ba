"""Nothing tells whether it works."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import runs_on
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.lasting if runs_on(one) else ():
        probed = container.value.keys() & {"livenessProbe", "readinessProbe", "startupProbe"}
        if container.items("ports") and not probed:
            yield container.fails("has no probe")


check = Check(
    "K8S-0213",
    "Nothing tells whether it works",
    "Without a probe a container that hangs, by a flaw or by an attack, stays behind its "
    "Service for ever.",
    "LOW",
    "Add a readinessProbe or a livenessProbe.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",),
)
