"""Files and images in memory, for tests that need no disk."""

from __future__ import annotations

import io
from typing import BinaryIO


class MemoryFile:
    """A file of a layer, held in memory; satisfies pratique.model.file.File."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.size = len(data)

    def read(self) -> bytes:
        return self.data

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)
