"""A stale or unchecked image may run."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import is_known, tag
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        policy = container.get("imagePullPolicy")
        moving = tag(container.image) in ("", "latest") and policy == "IfNotPresent"
        if is_known(container.image) and (moving or policy == "Never"):
            put = "" if policy == "Never" else "Always"
            yield container.fails(f"has imagePullPolicy {policy}", "imagePullPolicy", put=put)


check = Check(
    "K8S-0205",
    "A stale or unchecked image may run",
    "With this pull policy a node runs what it has under that name, whoever put it there, "
    "without asking the registry: neither for newer bytes nor for the right to pull.",
    "LOW",
    "Name a digest, or set imagePullPolicy to Always.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",),
)
