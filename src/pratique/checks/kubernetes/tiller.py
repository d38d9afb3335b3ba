"""Tiller of Helm 2."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        name = container.image.partition("@")[0].partition(":")[0].rpartition("/")[2]
        if name == "tiller":
            yield container.fails("is Tiller, the server of Helm 2", "image")


check = Check(
    "K8S-0102",
    "Tiller of Helm 2",
    "Tiller installs whatever anybody in the cluster asks for, mostly as cluster-admin "
    "and without authentication. Helm 2 ended in 2020.",
    "CRITICAL",
    "Move to Helm 3 and delete Tiller.",
    _judge,
    ("KSV-0102",),
    ("https://helm.sh/blog/helm-v2-deprecation-timeline/",),
)
