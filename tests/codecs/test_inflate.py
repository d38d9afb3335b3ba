from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs import compression
from pratique.codecs.compression import Plain, inflate
from pratique.errors import LimitExceeded, MalformedError

Pack = Callable[[bytes], bytes]
PACKERS: list[Pack] = [
    gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor(write_checksum=True).compress,
]  # fmt: skip


def chunks(data: bytes, size: int = 1000) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def noise(size: int) -> bytes:
    return b"".join(n.to_bytes(4, "big") for n in range(0, size * 77, 77))[:size]


@pytest.mark.parametrize("pack", PACKERS)
@given(st.binary(max_size=5000), st.integers(1, 3), st.integers(1, 700))
def test_every_compression_and_several_members_are_inflated(
    pack: Pack, data: bytes, members: int, size: int
) -> None:
    assert b"".join(inflate(chunks(pack(data) * members, size))) == data * members


def test_what_is_not_compressed_passes_as_it_is() -> None:
    plain = inflate(chunks(b"hello" * 1000))
    assert isinstance(plain, Plain)
    assert b"".join(plain) == b"hello" * 1000


@pytest.mark.parametrize("pack", PACKERS[:3])
def test_cut_short_is_an_error(pack: Pack) -> None:
    packed = pack(noise(100_000))
    with pytest.raises(MalformedError, match=r"layer 1: .* data"):
        list(inflate(chunks(packed[:-500]), "layer 1"))


@pytest.mark.parametrize("pack", PACKERS)
def test_damage_is_an_error(pack: Pack) -> None:
    packed = bytearray(pack(noise(100_000)))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    with pytest.raises(MalformedError, match="corrupt"):
        list(inflate(chunks(bytes(packed)), "layer 1"))


@pytest.mark.parametrize("pack", PACKERS)
def test_a_bomb_is_stopped(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_FREE", 4 << 20)
    sizes: list[int] = []
    pieces = inflate(chunks(pack(bytes(64 << 20))), "layer 1")
    with pytest.raises(LimitExceeded, match="a bomb"):
        sizes.extend(map(len, pieces))
    assert max(sizes) <= 1 << 20
