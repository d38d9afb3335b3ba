"""The fields of a Python package's METADATA, the head of a message of RFC 822.

https://packaging.python.org/en/latest/specifications/core-metadata/
"""

from __future__ import annotations

import re


def fields(data: bytes) -> dict[str, list[str]]:
    """Return the values of each field by its name in lower case; the description is left out."""
    head = re.split(r"\r?\n\r?\n", data.decode("utf-8", "replace"), maxsplit=1)[0]
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", head).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found
