"""Tell the layers of the base image from those built upon it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pratique.codecs.oci import BASE_NAME
from pratique.model.image import Image
from pratique.model.inventory import Inventory
from pratique.model.report import Base

_LAST_WORDS = ("CMD ", "ENTRYPOINT ")


def base_of(image: Image, inventory: Inventory) -> Base:
    """Return how many of an image's first layers are its base, and what says so.

    The history comes first: a base ends with a CMD or ENTRYPOINT of its own, after which more
    layers follow. Without one the base is the layer that brought the distribution, and what is
    beneath it. Its name is that of a label or of the manifest's annotation, else its
    distribution's. An image of one layer, or with no distribution, has no base that could be told.
    """
    name = str(_labels(image).get(BASE_NAME, "")) or image.base or _distribution(inventory)
    if layers := _by_history(image.config.get("history")):
        return Base(layers, name, "its history")
    if inventory.distro is None or len(image.layers) < 2:
        return Base(0, name, "")
    brought = min((p.introduced for p in inventory.packages if p.type in ("deb", "rpm", "apk")),
                  default=-1)  # fmt: skip
    if 0 <= brought < len(image.layers) - 1:
        return Base(brought + 1, name, "the layer that brought the distribution")
    return Base(0, name, "")


def _by_history(history: object) -> int:
    """Count the layers before the last CMD or ENTRYPOINT that more layers follow."""
    if not isinstance(history, list):
        return 0
    layers = counted = 0
    ended = False
    for line in history:
        if not isinstance(line, Mapping):
            return 0
        if line.get("empty_layer"):
            ended = ended or _ends_image(str(line.get("created_by", "")))
            continue
        if ended:
            counted, ended = layers, False
        layers += 1
    return counted


def _ends_image(line: str) -> bool:
    return line.removeprefix("/bin/sh -c #(nop)").strip().startswith(_LAST_WORDS)


def _labels(image: Image) -> Mapping[str, Any]:
    config = image.config.get("config")
    labels = config.get("Labels") if isinstance(config, dict) else None
    return labels if isinstance(labels, dict) else {}


def _distribution(inventory: Inventory) -> str:
    distro = inventory.distro
    if distro is None or not distro.version:
        return ""
    parts = 2 if distro.id in ("alpine", "ubuntu") else 1  # as their images are tagged
    return f"{distro.id}:{'.'.join(distro.version.split('.')[:parts])}"
