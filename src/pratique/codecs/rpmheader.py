"""An RPM header as a database keeps it: an index of tags, then their data.

https://rpm-software-management.github.io/rpm/manual/format_header.html
"""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress

from pratique.errors import MalformedError

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
VENDOR, LICENSE, PACKAGER, ARCH, SOURCE_RPM = 1011, 1014, 1015, 1022, 1044
DIR_INDEXES, BASE_NAMES, DIR_NAMES = 1116, 1117, 1118
PROVIDE_NAMES, REQUIRE_NAMES = 1047, 1049
MODULARITY_LABEL = 5096
_OPENPGP, _HEADER_SIGNATURES = 278, (268, 267, 259, 262)
"""RPM 6 keeps several, in base64; those before, of RSA and DSA, of the header and of all."""

_INT32, _STRING, _BINARY, _STRINGS, _TRANSLATED = 4, 6, 7, 8, 9
_ENTRY = struct.Struct(">IIiI")
_MOST_ENTRIES = 65536
_MOST_FILES = 1 << 20


class Header:
    """The tags of one package; a tag that is absent or of another type is empty."""

    def __init__(self, blob: bytes, where: str = "") -> None:
        """Read the index; raise MalformedError where it does not fit the blob."""
        self._where = where
        if len(blob) < 8:
            raise MalformedError("an RPM header of less than 8 bytes", where)
        count, length = struct.unpack_from(">II", blob)
        start = 8 + count * _ENTRY.size
        if count > _MOST_ENTRIES or start + length > len(blob):
            raise MalformedError("an RPM header that is longer than its record", where)
        self._data = blob[start : start + length]
        self._index = {
            tag: (kind, offset, number)
            for tag, kind, offset, number in _ENTRY.iter_unpack(blob[8:start])
        }

    def text(self, tag: int) -> str:
        kind, offset, _ = self._index.get(tag, (0, 0, 0))
        if kind not in (_STRING, _STRINGS, _TRANSLATED) or not 0 <= offset < len(self._data):
            return ""
        end = self._data.find(b"\0", offset)
        if end < 0:
            raise MalformedError("a text of an RPM header has no end", self._where)
        return self._data[offset:end].decode("utf-8", "replace")

    def texts(self, tag: int) -> list[str]:
        kind, offset, count = self._index.get(tag, (0, 0, 0))
        if kind != _STRINGS or not 0 <= offset < len(self._data) or count > _MOST_FILES:
            return []
        parts = self._data[offset:].split(b"\0", count)[:count]
        return [part.decode("utf-8", "replace") for part in parts]

    def numbers(self, tag: int) -> tuple[int, ...]:
        kind, offset, count = self._index.get(tag, (0, 0, 0))
        if kind != _INT32 or offset < 0 or offset + 4 * count > len(self._data):
            return ()
        return struct.unpack_from(f">{count}I", self._data, offset)

    def binary(self, tag: int) -> bytes:
        """Return the bytes of a tag, of whatever type but texts."""
        kind, offset, count = self._index.get(tag, (0, 0, 0))
        size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, _BINARY: 1}.get(kind, 0)
        return self._data[offset : offset + count * size] if offset >= 0 else b""

    def shorts(self, tag: int) -> tuple[int, ...]:
        """Return numbers of 16 bits."""
        data = self.binary(tag)
        return struct.unpack(f">{len(data) // 2}H", data[: len(data) // 2 * 2])

    def signatures(self) -> Iterator[bytes]:
        """Yield the OpenPGP packets that sign the package, the best first."""
        for text in self.texts(_OPENPGP):
            with suppress(ValueError):
                yield b64decode(text)
        for tag in _HEADER_SIGNATURES:
            kind, offset, count = self._index.get(tag, (0, 0, 0))
            if kind == _BINARY and offset >= 0:
                yield self._data[offset : offset + count]

    def files(self) -> tuple[str, ...]:
        """Return the paths that the package installed, without a leading slash."""
        folders = self.texts(DIR_NAMES)
        pairs = zip(self.texts(BASE_NAMES), self.numbers(DIR_INDEXES), strict=False)
        return tuple(
            (folders[index] + name).lstrip("/") for name, index in pairs if index < len(folders)
        )
