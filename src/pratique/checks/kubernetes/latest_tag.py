"""The image has no fixed version."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import is_known, tag
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if is_known(container.image) and tag(container.image) in ("", "latest"):
            yield container.fails(f"has the image {container.image}, without a version", "image")


check = Check(
    "K8S-0013",
    "The image has no fixed version",
    "`latest`, or no tag at all, is another image tomorrow: nobody can tell what runs, or "
    "go back to what ran.",
    "MEDIUM",
    "Name a version, or better a digest.",
    _judge,
    ("KSV-0013",),
    ("https://kubernetes.io/docs/concepts/containers/images/",),
)
