"""R's versions: numbers between dots or hyphens (R's numeric_version class)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(r"\d+(?:[.-]\d+)*", re.ASCII)


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[int, ...]:
    """Return a key that sorts as package_version() does: 1.0 is before 1.0.0, and 1-2 is 1.2.

    Raises ValueError for what is no version.
    """
    text = version.strip()
    if not _VERSION.fullmatch(text):
        raise ValueError(version)
    return tuple(map(int, text.replace("-", ".").split(".")))


cran = Ecosystem("CRAN", "cran", version_key)
bioconductor = Ecosystem("Bioconductor", "bioconductor", version_key)
