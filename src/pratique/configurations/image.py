"""The built image itself, or an unpacked root file system; no document is behind it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pratique.codecs.history import read_line
from pratique.model.built_image import BuiltImage, Step
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document
from pratique.model.image import Image


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    held = around.inventory
    built = BuiltImage(
        document.path,
        None,
        today=_today(),
        modes=held.modes,
        traces=held.traces,
        distro=held.distro,
    )
    yield Subject(built if around.image is None else _configured(built, around.image))


def _configured(built: BuiltImage, image: Image) -> BuiltImage:
    inner = image.config.get("config")
    return replace(
        built,
        config=inner if isinstance(inner, dict) else {},
        created=_text(image.config.get("created")),
        architecture=_text(image.config.get("architecture")),
        steps=tuple(_steps(image.config.get("history"), image)),
        layers=len(image.layers),
    )


def _steps(history: Any, image: Image) -> Iterator[Step]:
    """Yield the steps; layers are told only where as many lines made one as there are."""
    lines = (
        [line for line in history if isinstance(line, dict)] if isinstance(history, list) else []
    )
    making = sum(not line.get("empty_layer") for line in lines)
    index = -1
    for line in lines:
        made = making == len(image.layers) and not line.get("empty_layer")
        index += made
        step = read_line(_text(line.get("created_by")))
        yield Step(*step, index if made else -1, _text(line.get("created")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _today() -> str:
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(stated) if stated.isdigit() else time.time()))


image = Kind("image", _subjects, "image")
