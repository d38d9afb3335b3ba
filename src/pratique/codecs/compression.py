"""Inflate a stream of chunks, whichever way it is compressed, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pratique.errors import LimitExceeded, MalformedError

_STEP = 1 << 20  # bytes of output at a time
_FREE = 4 << 30  # a stream this small may have any ratio
_RATIO = 200  # real layers stay below 30; deflate cannot pass 1,032

_MAGIC = {
    b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz",
}  # fmt: skip


def compression(head: bytes) -> str:
    """Name the compression by the first bytes; empty for none that is known."""
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")


def inflate(chunks: Iterator[bytes], where: str = "") -> Iterator[bytes]:
    """Yield the uncompressed bytes of a stream: gzip, zstd, bzip2, xz, several members, or plain.

    Raises MalformedError where the data is corrupt or cut short, and LimitExceeded for a bomb.
    """
    head = next(chunks, b"")
    while head and len(head) < 6 and (more := next(chunks, b"")):
        head += more
    kind = compression(head)
    source = _Counted(head, chunks)
    if not kind:
        return Plain(source)
    return _guarded(_zstd(source) if kind == "zstd" else _members(kind, source), source, where)


class Plain:
    """A stream that is not compressed: offsets in it are offsets in its source."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def __next__(self) -> bytes:
        return next(self._chunks)


class _Counted:
    """The chunks again, their first one put back, counted."""

    def __init__(self, head: bytes, chunks: Iterator[bytes]) -> None:
        self._head = head
        self._chunks = chunks
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(-1):
            yield chunk

    def read(self, _size: int) -> bytes:
        chunk, self._head = self._head or next(self._chunks, b""), b""
        self.taken += len(chunk)
        return chunk


def _guarded(output: Iterator[bytes], source: _Counted, where: str) -> Iterator[bytes]:
    given = 0
    try:
        for piece in output:
            given += len(piece)
            if given > _FREE and given > _RATIO * source.taken:
                message = f"{where}: {source.taken} bytes inflate to more than {given}: a bomb"
                raise LimitExceeded(message)
            yield piece
    except _Corrupt as error:
        raise MalformedError(f"{error}, near byte {source.taken}", where) from error


class _Corrupt(Exception):  # noqa: N818 - never leaves this module
    pass


def _members(kind: str, source: _Counted) -> Iterator[bytes]:
    """Inflate member after member of a format whose object follows that of zlib or bz2."""
    machine, errors = _machine(kind)
    for chunk in source:
        data = chunk
        while data:
            if machine.eof:
                data = data.lstrip(b"\0")  # padding after the last member is allowed
                if not data:
                    break
                machine, errors = _machine(kind)
            try:
                out = machine.decompress(data, _STEP)
                yield out
                while len(out) == _STEP and not machine.eof and not _left(machine):
                    out = machine.decompress(b"", _STEP)  # what it still holds back
                    yield out
            except errors as error:
                raise _Corrupt(f"corrupt {kind} data: {error}") from error
            data = machine.unused_data if machine.eof else _left(machine)
    if not machine.eof:
        raise _Corrupt(f"{kind} data is cut short")


def _left(machine: Any) -> bytes:
    tail: bytes = getattr(machine, "unconsumed_tail", b"")
    return tail


def _machine(kind: str) -> tuple[Any, tuple[type[Exception], ...]]:
    # each library is imported by whoever meets its format: they cost 1 to 12 ms
    if kind == "gzip":
        from isal import isal_zlib  # noqa: PLC0415

        errors: Any = (isal_zlib.error, ValueError)  # its stub calls the class an instance
        return isal_zlib.decompressobj(31), errors
    if kind == "bzip2":
        import bz2  # noqa: PLC0415

        return bz2.BZ2Decompressor(), (OSError, EOFError, ValueError)
    import lzma  # noqa: PLC0415

    return lzma.LZMADecompressor(), (lzma.LZMAError, EOFError, ValueError)


def _zstd(source: _Counted) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415

    machine = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    readable: Any = source  # its stub asks for a whole file object, it calls `read` alone
    with machine.stream_reader(readable, read_across_frames=True, closefd=False) as reader:
        try:
            while out := reader.read(_STEP):
                yield out
        except zstandard.ZstdError as error:
            raise _Corrupt(f"corrupt zstd data: {error}") from error
