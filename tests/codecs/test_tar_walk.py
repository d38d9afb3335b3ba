from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.bytestream import ByteStream
from pratique.codecs.tar import Member, content, walk
from pratique.errors import LimitExceeded, MalformedError


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read_all(data: bytes, size: int = 1 << 16) -> list[tuple[Member, bytes]]:
    stream = ByteStream(chunks(data, size), "x.tar")
    return [
        (member, b"".join(content(stream, member)) if member.kind == "file" else b"")
        for member in walk(stream)
    ]


names = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1,
                max_size=150)  # fmt: skip


@given(
    st.lists(st.tuples(st.lists(names, min_size=1, max_size=3), st.binary(max_size=3000)),
             max_size=8),
    st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
    st.integers(100, 5000),
)  # fmt: skip
def test_members_are_those_that_tarfile_wrote(
    files: list[tuple[list[str], bytes]], style: int, size: int
) -> None:
    buffer = io.BytesIO()
    written = []
    with tarfile.open(fileobj=buffer, mode="w", format=style) as archive:
        for parts, data in files:
            entry = tarfile.TarInfo("x" + "/x".join(parts))
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
            written.append((entry.name.encode(), data))
    read = [(member.name, data) for member, data in read_all(buffer.getvalue(), size)]
    assert read == written


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.AREGTYPE])
def test_a_long_name_that_is_cut_off_at_a_slash_is_no_directory(style: int, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style) as archive:
        for name in ("x" * 99 + "/METADATA", "y"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, 3
            archive.addfile(entry, io.BytesIO(b"abc"))
    read = [(member.name[-9:], data) for member, data in read_all(buffer.getvalue())]
    assert read == [(b"/METADATA", b"abc"), (b"y", b"abc")]


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("name", ["a/package.json/", "a" * 120 + "/package.json/"])
def test_a_file_does_not_hide_behind_a_slash(style: int, name: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"abc"))
        entry.type, entry.size = tarfile.AREGTYPE, 0
        archive.addfile(entry)
    [(file, data), (folder, _)] = read_all(buffer.getvalue())
    assert (file.name, file.kind, data) == (name.rstrip("/").encode(), "file", b"abc")
    assert folder.kind == "directory"


def test_links_directories_and_modes_are_told() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, name, link in (
            (tarfile.DIRTYPE, "etc", ""),
            (tarfile.SYMTYPE, "etc/a", "b" * 150),
            (tarfile.LNKTYPE, "etc/c", "etc/a"),
            (tarfile.FIFOTYPE, "pipe", ""),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.mode = kind, link, 0o751
            archive.addfile(entry)
    members = [member for member, _ in read_all(buffer.getvalue())]
    assert [member.kind for member in members] == ["directory", "symlink", "hardlink", "other"]
    assert members[1].link == b"b" * 150
    assert members[2].link == b"etc/a"
    assert {member.mode for member in members} == {0o751}


def test_a_size_beyond_octal_is_read() -> None:
    entry = tarfile.TarInfo("huge")
    entry.size = 9 << 30
    header = entry.tobuf(tarfile.GNU_FORMAT)
    member = next(walk(ByteStream(iter([header]))))
    assert member.size == 9 << 30


@pytest.mark.skipif(shutil.which("tar") is None, reason="needs GNU tar")
@pytest.mark.parametrize("style", ["--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1",
                                   "--sparse-version=1.0"])  # fmt: skip
def test_sparse_files_have_their_holes_filled(tmp_path: Path, style: str) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        for part in range(40):  # more parts than one header holds
            file.seek(part * 100_000)
            file.write(f"part {part}".encode())
        file.truncate(5_000_000)
    words = ["--format=posix", style] if "version" in style else [style]
    made = subprocess.run(
        ["tar", "-S", *words, "-cf", "-", "-C", tmp_path, "sparse"], capture_output=True, check=True
    ).stdout
    assert len(made) < 1_000_000
    [(member, data)] = read_all(made)
    assert member.name == b"sparse"
    assert data == path.read_bytes()


def test_a_truncated_archive_says_where_it_ends() -> None:
    entry = tarfile.TarInfo("a")
    entry.size = 1000
    with pytest.raises(MalformedError, match=r"x\.tar: .*ends at byte 612"):
        read_all(entry.tobuf() + b"x" * 100)


def test_what_is_no_tar_is_refused() -> None:
    with pytest.raises(MalformedError, match="no tar header at byte 0"):
        read_all(b"hello " * 200)


@given(st.binary(max_size=4000))
def test_random_bytes_raise_nothing_but_errors_of_the_format(data: bytes) -> None:
    with suppress(MalformedError, LimitExceeded):
        read_all(data, 700)


@given(st.integers(0, 2047), st.integers(0, 255))
def test_a_changed_byte_raises_nothing_but_errors_of_the_format(at: int, value: int) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("a" * 120)
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"12345"))
    data = bytearray(buffer.getvalue()[:3000])
    data[at] = value
    with suppress(MalformedError, LimitExceeded):
        read_all(bytes(data))


def test_owners_are_told_also_those_of_a_pax_header() -> None:
    buffer = io.BytesIO()
    owners = [(0, 0), (1000, 2000), (3_000_000, 0o7777777), (2**31, 5)]
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for user, group in owners:
            entry = tarfile.TarInfo(f"{user}")
            entry.uid, entry.gid = user, group
            archive.addfile(entry)
    assert [m.owner for m in walk(ByteStream(iter([buffer.getvalue()]), "x"))] == owners
    with tarfile.open(
        fileobj=(gnu := io.BytesIO()), mode="w", format=tarfile.GNU_FORMAT
    ) as archive:
        entry = tarfile.TarInfo("x")
        entry.uid = 2**30
        archive.addfile(entry)
    assert [m.owner for m in walk(ByteStream(iter([gnu.getvalue()]), "x"))] == [(2**30, 0)]
