"""NuGet packages in a .NET application that was published as a single executable."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pratique.codecs.dotnet_deps import read_deps
from pratique.codecs.executable import DATA, programs_of
from pratique.codecs.window import Window
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# SHA-256 of `.net core bundle` and a line feed; the 8 bytes before tell where the header is
_MARK = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")
_LARGEST = 16 << 20
_APPENDED = 1024
_VERSION = Struct("<III")
_PLACES = Struct("<QQ")
_ID = 128


def _analyze(file: File) -> Iterator[Package]:
    """Read the deps.json in a bundle (dotnet/designs, single-file/bundler), version 2 and later.

    Version 1 is of .NET Core 3, which unpacks itself: it has no place for one in its header.
    """
    window = Window(file.open(), file.size, file.path)
    header_at = _header_at(file, window)
    if not header_at:
        return
    major, _, _ = _VERSION.unpack(window.at(header_at, _VERSION.size))
    head = window.upto(header_at + _VERSION.size, _ID + 1 + _PLACES.size)
    length = head[0] if head else 0
    if major < 2 or length > _ID or len(head) < 1 + length + _PLACES.size:
        raise MalformedError("a .NET bundle whose header is not understood", file.path)
    offset, size = _PLACES.unpack_from(head, 1 + length)
    if size > _LARGEST:
        raise MalformedError(f"a deps.json of {size} bytes in a .NET bundle", file.path)
    if offset:
        yield from read_deps(window.at(offset, size), file.path, "deps.json")


def _header_at(file: File, window: Window) -> int:
    """Return where a bundle's header is; 0 for what is none, as nearly every program.

    The mark is among a host's data, and a bundle's files come after its last section.
    """
    try:
        programs = programs_of(file)
    except MalformedError:  # the analyzer of Go's programs tells of it
        return 0
    for program in programs:
        data = program.section(*DATA)
        if data and data.size <= _LARGEST and window.size - program.end > _APPENDED:
            content = window.upto(data.offset, data.size)
            at = content.find(_MARK)
            if at >= 8:
                return int.from_bytes(content[at - 8 : at], "little")
    return 0


dotnet_bundle = Analyzer("dotnet-bundle", 1, ("<executable>",), _analyze)
