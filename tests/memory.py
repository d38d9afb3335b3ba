"""Files and images in memory, for tests that need no disk."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO


class MemoryFile:
    """A file of a layer, held in memory; satisfies pratique.model.file.File."""

    def __init__(self, path: str, data: bytes, others: Mapping[str, bytes] | None = None) -> None:
        self.others = others or {}
        self.path = path
        self.data = data
        self.size = len(data)

    def read(self) -> bytes:
        return self.data

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def other(self, path: str) -> bytes | None:
        return self.others.get(path)
