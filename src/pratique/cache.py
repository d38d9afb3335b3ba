"""Files kept between runs, under the digest of what they were made from.

An entry is written beside its place and renamed into it, so that any number of processes may read
and write at once without waiting; a damaged entry counts as absent. Entries hold data alone.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress

_MAGIC = b"PRQ1"


def default_folder() -> str:
    """Return where caches belong on this system (XDG Base Directory specification; macOS)."""
    home = os.path.expanduser("~")
    if os.uname().sysname == "Darwin":
        return os.path.join(home, "Library", "Caches", "pratique")
    return os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "pratique"
    )


class Cache:
    """Entries in a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key, or None."""
        try:
            with open(self._path(key), "rb") as file:
                data = file.read()
        except OSError:
            return None
        body = data[8:]
        if data[:4] != _MAGIC or zlib.crc32(body).to_bytes(4, "big") != data[4:8]:
            return None
        try:
            return zlib.decompress(body)
        except zlib.error:  # somebody else's
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keep data under a key; where it cannot be written, nothing is kept."""
        path = self._path(key)
        body = zlib.compress(data, 1)
        beside = f"{path}.{os.getpid()}-{hashlib.sha256(os.urandom(8)).hexdigest()[:8]}"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(beside, "wb") as file:
                file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body)
            os.replace(beside, path)
        except OSError:  # read-only or full: a cache is a convenience
            with suppress(OSError):
                os.unlink(beside)

    def trim(self, most: int) -> None:
        """Remove the oldest entries where all together have more bytes than that."""
        found = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):  # another process may trim as well
                    status = os.stat(path := os.path.join(folder, name))
                    found.append((status.st_mtime, status.st_size, path))
        size = sum(one[1] for one in found)
        for _, own, path in sorted(found):
            if size <= most:
                break
            with suppress(OSError):
                os.unlink(path)
            size -= own

    def clean(self) -> int:
        """Remove every entry; return how many there were."""
        count = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):
                    os.unlink(os.path.join(folder, name))
                    count += 1
        return count

    def _path(self, key: str) -> str:
        name = hashlib.sha256(key.encode()).hexdigest()
        return os.path.join(self._folder, name[:2], name[2:])


class MemoryCache(Cache):
    """Entries that end with the process: `--no-cache`, yet each shared layer is read once."""

    def __init__(self) -> None:
        super().__init__("")
        self._entries: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._entries.get(key)

    def put(self, key: str, data: bytes) -> None:
        self._entries[key] = data
