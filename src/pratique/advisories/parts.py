"""What arrived of a download, kept on disk so that another process can go on where one ended."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from types import TracebackType
from typing import BinaryIO, Self

from pratique.errors import DatabaseError

_KEPT = 7 * 24 * 3600  # seconds


class Part:
    """One download. Where another process works on it, this one starts a file of its own."""

    def __init__(self, folder: str, address: str) -> None:
        self.size = 0
        self.etag = ""
        """What the part is of; empty where that cannot be told, so that it is no use later."""
        self._folder = folder
        self._path = os.path.join(folder, sha256(address.encode()).hexdigest()[:32] + ".part")
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with self._translated():
            self._file = self._locked() or tempfile.TemporaryFile(prefix="pratique-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._file:
            if kind is None or not self.size:
                self._unlink()
            self._file.close()

    def headers(self) -> dict[str, str]:
        """Return what asks for the rest only (RFC 9110, 14.2 and 13.1.5)."""
        return {"Range": f"bytes={self.size}-", "If-Range": self.etag} if self.size else {}

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer: what comes next is the rest, or all of it."""
        start = headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
        if status == 206 and start == str(self.size):
            return
        self.drop()
        tag = headers.get("etag", "")
        self.etag = "" if tag.startswith("W/") else tag
        if self._path and self.etag:
            with self._translated(), open(self._tag(), "w", encoding="latin-1") as file:
                file.write(self.etag)

    def write(self, chunk: bytes) -> None:
        """Keep what arrived."""
        with self._translated() as file:
            file.write(chunk)
        self.size += len(chunk)

    def whole(self) -> BinaryIO:
        """Return the document, which is gone from the disk once it is closed."""
        self._unlink()
        with self._translated() as file:
            file.flush()
            file.seek(0)
        self._file = None
        return file

    def drop(self) -> None:
        """Forget what was kept."""
        self.size, self.etag = 0, ""
        with self._translated() as file:
            file.seek(0)
            file.truncate()

    @contextmanager
    def _translated(self) -> Iterator[BinaryIO]:
        try:
            yield self._file  # type: ignore[misc]  # there is one between __enter__ and whole()
        except OSError as error:
            reason = error.strerror or error
            raise DatabaseError(f"{self._folder}: cannot be written: {reason}") from error

    def _locked(self) -> BinaryIO | None:
        os.makedirs(self._folder, exist_ok=True)
        _sweep(self._folder)
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(file.fileno()).st_nlink:  # somebody finished it in between
                raise BlockingIOError
        except OSError:
            file.close()
            self._path = ""
            return None
        with suppress(OSError), open(self._tag(), encoding="latin-1") as tag:
            self.etag = tag.read()
        self.size = file.seek(0, os.SEEK_END) if self.etag else 0
        return file

    def _tag(self) -> str:
        return self._path + ".etag"

    def _unlink(self) -> None:
        if self._path:
            for path in (self._tag(), self._path):
                with suppress(OSError):
                    os.unlink(path)


def _sweep(folder: str) -> None:
    """Remove what nobody came back for."""
    for entry in os.scandir(folder):
        with suppress(OSError):
            if time.time() - entry.stat().st_mtime > _KEPT:
                os.unlink(entry.path)
