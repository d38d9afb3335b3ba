"""What several results of the report are made of."""

from __future__ import annotations

from typing import Any

from pratique.model.image import Image


def layer(image: Image | None, index: int) -> dict[str, str]:
    """Return how Trivy names a layer; nothing for an index that is none."""
    if image is None or not 0 <= index < len(image.layers):
        return {}
    one = image.layers[index]
    return without_nothing(
        {"Digest": one.digest, "DiffID": one.diff_id, "CreatedBy": one.created_by}
    )


def without_nothing(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, as Trivy does."""
    return {key: value for key, value in document.items() if value}


def code(lines: tuple[str, ...], start: int) -> dict[str, Any]:
    """Return lines of a file as Trivy shows them, each marked as the cause."""
    return {
        "Lines": [
            {"Number": start + at, "Content": line, "IsCause": True, "Annotation": "",
             "Truncated": False, "FirstCause": at == 0, "LastCause": at == len(lines) - 1}
            for at, line in enumerate(lines)
        ]
    }  # fmt: skip
