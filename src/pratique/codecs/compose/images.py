"""The `image` of a service: a reference to an image in a registry."""

from __future__ import annotations


def tag_of(image: str) -> str:
    """Return the tag of a reference, empty where it has none: `host:5000/app:1` has `1`."""
    name = image.partition("@")[0].rpartition("/")[2]
    return name.partition(":")[2]
