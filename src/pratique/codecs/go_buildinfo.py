"""What Go's linker writes into a program: its version of Go, its modules, how it was built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from struct import unpack

from msgspec import Struct

from pratique.codecs.program import Program, Stretch
from pratique.codecs.window import Window
from pratique.errors import MalformedError

SECTIONS = (".go.buildinfo", "__go_buildinfo")
TABLES = (".gopclntab", "__gopclntab", ".note.go.buildid", ".data.rel.ro.gopclntab")
"""Sections that every Go program has, also one that is too old to tell what it is made of."""

_MAGIC = b"\xff Go buildinf:"
_ALIGNMENT = 16
_HEADER = 32
_WORDS = {4: "II", 8: "QQ"}
_BIG_ENDIAN, _INLINE = 1, 2
_CHUNK = 1 << 20
_SEARCHED = 1 << 29
_CANDIDATES = 100
_VERSION, _MODULES = 1 << 10, 16 << 20
_SENTINEL = 16
_ESCAPE = re.compile(r'\\(["\\abfnrtv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3})')
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Module(Struct, frozen=True, gc=False):
    path: str
    version: str
    """`(devel)` where it was built from a folder."""


class BuildInfo(Struct, frozen=True):
    """As debug.BuildInfo of Go's library, replacements applied."""

    go: str
    """`go1.26.1`, maybe followed by what was changed in it."""
    main: Module | None = None
    modules: tuple[Module, ...] = ()
    settings: dict[str, str] = {}
    path: str = ""
    """Of the main package: `cmd/go`, `github.com/docker/cli/cmd/docker`."""


def read_build_info(file: Window, program: Program) -> BuildInfo | None:
    """Read Go's build information (Go's debug/buildinfo); None where a program has none.

    It is in a section of its own; where sections were removed, or the system's format has none
    for it, somewhere in what is loaded, writable parts first. Pointers lead to its strings before
    Go 1.18, which need the segments; since then the strings follow. Raises MalformedError where
    it is there and cannot be read.
    """
    for offset in _places(file, program):
        header = file.upto(offset, _HEADER)
        if len(header) < _HEADER:
            raise MalformedError("Go build information is cut short", file.where)
        version, modules = _strings(file, program, offset, header)
        if not version:
            raise MalformedError("Go build information without a version of Go", file.where)
        return _parsed(version.decode("utf-8", "replace"), _unframed(modules))
    return None


def _places(file: Window, program: Program) -> Iterator[int]:
    section = program.section(*SECTIONS)
    if section:
        yield from _occurrences(file, section, min(section.size, _CHUNK))
        raise MalformedError("a section for Go build information without any", file.where)
    if program.sectioned and program.format == "ELF" and not program.section(*TABLES):
        return
    searched = _SEARCHED
    for segment in sorted(program.segments, key=lambda segment: not segment.writable):
        size = max(min(segment.size, searched, file.size - segment.offset), 0)
        searched -= size
        places = islice(_occurrences(file, segment, size), _CANDIDATES)
        yield from (at for at in places if _plausible(file.upto(at, _HEADER)))


def _plausible(header: bytes) -> bool:
    """Tell build information from a program that only knows its magic bytes."""
    if len(header) < _HEADER or header[15] & ~(_BIG_ENDIAN | _INLINE):
        return False
    return bool(header[15] & _INLINE) or header[14] in _WORDS


def _occurrences(file: Window, stretch: Stretch, size: int) -> Iterator[int]:
    """Yield the offsets of the magic bytes that are aligned in memory."""
    to_memory = stretch.address - stretch.offset
    for at in range(stretch.offset, stretch.offset + size, _CHUNK):
        # a little more, for one that lies across two chunks
        data = file.upto(at, min(_CHUNK + len(_MAGIC) - 1, stretch.offset + size - at))
        found = data.find(_MAGIC)
        while found >= 0:
            if (at + found + to_memory) % _ALIGNMENT == 0:
                yield at + found
            found = data.find(_MAGIC, found + 1)


def _strings(file: Window, program: Program, offset: int, header: bytes) -> tuple[bytes, bytes]:
    size, flags = header[14], header[15]
    if flags & _INLINE:
        version, end = _counted(file, offset + _HEADER, _VERSION)
        return version, _counted(file, end, _MODULES)[0]
    if size not in _WORDS:
        raise MalformedError(f"Go build information with pointers of {size} bytes", file.where)
    memory = _Memory(file, program.segments, size, flags)
    version_at, modules_at = memory.words(header[16 : 16 + 2 * size])
    return memory.string(version_at, _VERSION), memory.string(modules_at, _MODULES)


def _counted(file: Window, offset: int, limit: int) -> tuple[bytes, int]:
    """Read a string after its length, a varint; return it and where it ends."""
    length = shift = 0
    for position, byte in enumerate(file.upto(offset, 10), 1):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            start = offset + position
            return file.at(start, _within(length, limit, file)), start + length
    raise MalformedError("Go build information is cut short", file.where)


def _within(length: int, limit: int, file: Window) -> int:
    if length > limit:
        raise MalformedError(f"Go build information of {length} bytes", file.where)
    return length


class _Memory:
    """The loaded program as its own pointers see it."""

    def __init__(self, file: Window, segments: tuple[Stretch, ...], size: int, flags: int) -> None:
        self._file = file
        self._segments = segments
        self._size = size
        self._big = bool(flags & _BIG_ENDIAN)

    def words(self, data: bytes) -> tuple[int, int]:
        first, second = unpack((">" if self._big else "<") + _WORDS[self._size], data)
        return first, second

    def string(self, header: int, limit: int) -> bytes:
        """Return the Go string whose header, a pointer and a length, is at an address."""
        if not header:
            return b""
        address, length = self.words(self._at(header, 2 * self._size))
        return self._at(address, _within(length, limit, self._file)) if length else b""

    def _at(self, address: int, size: int) -> bytes:
        for segment in self._segments:
            start = address - segment.address
            if start >= 0 and start + size <= segment.size:
                return self._file.at(segment.offset + start, size)
        raise MalformedError("Go build information that points nowhere", self._file.where)


def _unframed(modules: bytes) -> str:
    """Take away the sentinels by which a running program finds the text."""
    framed = len(modules) > 2 * _SENTINEL and modules[-_SENTINEL - 1] == ord("\n")
    return modules[_SENTINEL:-_SENTINEL].decode("utf-8", "replace") if framed else ""


def _parsed(go: str, text: str) -> BuildInfo:
    """Parse lines of words with tabs between; `=>` replaces the module of the line before."""
    main: list[Module] = []
    modules: list[Module] = []
    settings: dict[str, str] = {}
    path: str = ""
    """Of the main package: `cmd/go`, `github.com/docker/cli/cmd/docker`."""
    latest = modules
    path = ""
    for line in text.split("\n"):
        verb, *words = line.split("\t")
        if verb == "build" and words:
            key, _, value = words[0].partition("=")
            settings[_unquoted(key)] = _unquoted(value)
        elif verb == "path" and words:
            path = words[0]
        elif verb in ("mod", "dep") and words:
            latest = main if verb == "mod" else modules
            latest.append(Module(words[0], (*words, "")[1]))
        elif verb == "=>" and words and latest:
            latest[-1] = Module(words[0], (*words, "")[1])
    return BuildInfo(go, main[0] if main else None, tuple(modules), settings, path)


def _unquoted(text: str) -> str:
    """Undo Go's strconv.Quote."""
    if len(text) < 2 or text[0] != text[-1] or text[0] not in '"`':
        return text
    return text[1:-1] if text[0] == "`" else _ESCAPE.sub(_character, text[1:-1])


def _character(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "xu":
        return chr(int(escape[1:], 16))
    return chr(int(escape, 8)) if escape.isdigit() else _ESCAPED.get(escape, escape)
