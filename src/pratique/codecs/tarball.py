"""Read the files of a compressed tar that has to be whole, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from pratique.codecs import tar
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import inflate
from pratique.errors import MalformedError

_CHUNK = 1 << 20
_END = 2 * tar.BLOCK


def files(file: BinaryIO, ending: str, where: str) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Yield the name, size and content of each file whose name has an ending.

    Content that is not read is passed over. Raises MalformedError for what is no tar, and for one
    that lacks its closing blocks: half an archive must not pass for the whole.
    """
    chunks = _Chunks(inflate(iter(partial(file.read, _CHUNK), b""), where))
    stream = ByteStream(iter(chunks), where)
    for member in tar.walk(stream):
        name = member.name.decode("utf-8", "replace")
        if member.kind == "file" and name.endswith(ending):
            yield name, member.size, tar.content(stream, member)
    stream.drain()
    if chunks.tail != bytes(_END):
        raise MalformedError("the archive is cut short: its closing blocks are missing", where)


class _Chunks:
    """Chunks, whose last bytes are remembered."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.tail = b""

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.tail = (self.tail + chunk[-_END:])[-_END:]
            yield chunk
