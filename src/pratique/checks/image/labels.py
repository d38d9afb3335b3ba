"""IMG-0043: nothing tells where the image comes from."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_OCI = tuple(f"org.opencontainers.image.{key}" for key in ("source", "revision", "url"))
_OTHERS = (
    "org.label-schema.vcs-url",
    "org.label-schema.vcs-ref",
    "vcs-ref",
    "vcs-url",
    "url",
    "release",
)


def _judge(image: BuiltImage) -> Iterator[Failure]:
    if image.config is None or image.is_base:
        return
    labels = image.labels
    if not any(name in labels for name in (*_OCI, *_OTHERS)):
        yield Failure("no label names the source and the revision that it was built from")


check = Check(
    "IMG-0043",
    "No label names the source",
    "Who finds a flaw in a running image cannot tell which repository and which commit to fix.",
    "LOW",
    "Set org.opencontainers.image.source and .revision; docker/metadata-action does.",
    _judge,
    (),
    ("https://github.com/opencontainers/image-spec/blob/main/annotations.md",),
)
