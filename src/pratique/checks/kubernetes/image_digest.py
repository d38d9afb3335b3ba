"""The image has no digest."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import is_known, tag
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if is_known(container.image) and tag(container.image) not in (None, "", "latest"):
            yield container.fails(f"has the image {container.image}, without a digest", "image")


check = Check(
    "K8S-0204",
    "The image has no digest",
    "A tag can be moved to another image by whoever may push; a digest names one image for ever.",
    "LOW",
    "Write the image as name:tag@sha256:….",
    _judge,
    ("CIS-5.5.1",),
    ("https://kubernetes.io/docs/concepts/containers/images/",),
)
