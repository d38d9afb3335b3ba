"""Read one layer, once: inflate it, check its digest, and give analyzers the files they want."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

from msgspec import Struct

from pratique.codecs import tar
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.symlink import resolve
from pratique.errors import LimitExceeded, MalformedError
from pratique.inventory.modes import Modes
from pratique.inventory.texts import Texts
from pratique.inventory.wanted import MODES, Wanted, is_executable
from pratique.model.analyzer import Analyzer
from pratique.model.inventory import Fact, OwnedFiles, Package, Problem, Remark

_IN_MEMORY = 16 << 20
_READ_LIMIT = 256 << 20
_SIZE_LIMIT = 4 << 30
_SMALLEST_PROGRAM = 4096
_ODD_STARTS = (b"/", b".", b"")
_MOST_FOLDERS = 4096
_NEAR_ROOT = 2  # where links stand for whole folders: bin, usr/lib64, etc/static
_WHITEOUT, _OPAQUE = b".wh.", b".wh..wh..opq"


class LayerFacts(Struct, frozen=True, array_like=True):
    """What one layer says, apart from the layers beneath it."""

    facts: tuple[Fact, ...]
    paths: bytes
    """Every path that is not a directory, a line each; hides the same path beneath."""
    removed: tuple[str, ...] = ()
    """Paths that whiteouts delete."""
    opaque: tuple[str, ...] = ()
    """Directories whose content beneath is hidden."""
    problems: tuple[Problem, ...] = ()
    files: int = 0
    links: tuple[tuple[str, str], ...] = ()
    """Symbolic links that an analyzer wants and that lead to files it does not: path, target."""
    folders: tuple[tuple[str, str], ...] = ()
    """Symbolic links near the root, which stand for whole folders."""
    directories: bytes = b""
    """Every directory, a line each, where permissions are looked at: it replaces those beneath."""


Other = Callable[[str], bytes | None]


def _nothing(_: str) -> bytes | None:
    return None


class LayerFile:
    """A file of a layer, taken from the stream when an analyzer first asks for its content.

    Opened, it is a section of the file that holds the layer, where there is one; otherwise it is
    in memory while small, and in a temporary file when large.
    """

    def __init__(
        self,
        path: str,
        size: int,
        pieces: Iterator[bytes],
        section: BinaryIO | None = None,
        other: Other = _nothing,
    ) -> None:
        self.other = other
        self.path = path
        self.size = size
        self._pieces = pieces
        self._data: bytes | None = None
        self._opened = section

    def read(self) -> bytes:
        if self._data is None:
            if self.size > _READ_LIMIT:
                raise LimitExceeded(f"{self.path}: {self.size} bytes are too many to read whole")
            if self.size > _IN_MEMORY:
                return self.open().read()
            self._data = b"".join(self._pieces)
        return self._data

    def open(self) -> BinaryIO:
        if self._opened is None:
            if self.size <= _IN_MEMORY:
                return io.BytesIO(self.read())
            self._opened = _spooled(self._pieces)
        self._opened.seek(0)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


def _spooled(pieces: Iterator[bytes]) -> BinaryIO:
    import tempfile  # noqa: PLC0415 - 12 ms, and few layers hold a file this large

    spool = cast("BinaryIO", tempfile.TemporaryFile(prefix="pratique-"))  # noqa: SIM115
    spool.writelines(pieces)
    return spool


class Reading:
    """The state of reading one layer."""

    def __init__(self, wanted: Wanted, other: Other = _nothing) -> None:
        self._wanted = wanted
        self._others = other
        self._facts: dict[str, list[Fact]] = {}
        self._paths: list[bytes] = []
        self._removed: list[str] = []
        self._opaque: list[str] = []
        self._problems: list[Problem] = []
        self._hardlinks: list[tuple[str, str, tuple[Analyzer, ...]]] = []
        self._links: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._texts = Texts(wanted.texts) if wanted.texts else None
        self.modes = Modes() if wanted.modes else None
        self.files = 0

    def read_tar(self, stream: ByteStream) -> LayerFacts:
        """Read a whole tar stream; raise MalformedError where it is none or is cut short."""
        for member in tar.walk(stream):
            self.files += 1
            path = _normal(member.name)
            if path is None:
                self.problem("a path that leaves the layer is ignored", _text(member.name))
            elif member.kind == "file":
                self._file(stream, member, path)
            elif member.kind == "directory":
                if self.modes is not None:
                    self.modes.of_member(member, path)
            else:
                self._other(member, path)
        return self.done()

    def seen(self, path: str) -> None:
        """Note a path that is no directory, for a reader of something else than a tar."""
        self._paths.append(path.encode("utf-8", "surrogateescape"))

    def done(self) -> LayerFacts:
        if self._texts:
            self._texts.flush()
            self._problems += self._texts.problems
            for path, found in self._texts.found.items():
                self._facts.setdefault(path, []).extend(found)
        self._settle_hardlinks()
        paths = b"\n".join(self._paths)
        if self._wanted.listings:
            listing = io.BytesIO(paths)
            self.analyze("", len(paths), iter([paths]), self._wanted.listings, listing)
        directories = b""
        if self.modes is not None:
            directories, odd = self.modes.directories, self.modes.listing
            self.analyze(MODES, len(odd), iter([odd]), self._wanted.modes, io.BytesIO(odd))
        return LayerFacts(
            tuple(chain.from_iterable(self._facts.values())),
            paths,
            tuple(self._removed),
            tuple(self._opaque),
            tuple(self._problems),
            self.files,
            tuple(self._leading_elsewhere()),
            tuple(self._folders.items()),
            directories,
        )

    def _file(self, stream: ByteStream, member: tar.Member, path: bytes) -> None:
        name = path[path.rfind(b"/") + 1 :]
        if name.startswith(_WHITEOUT):
            self._whiteout(path, name)
            return
        self._paths.append(path)
        if self.modes is not None:
            self.modes.of_member(member, path)
        analyzers = self._wanted.by(path)
        if (
            member.size >= _SMALLEST_PROGRAM
            and member.mode & 0o111
            and self._wanted.executables
            and is_executable(stream.peek(4))
        ):
            analyzers += self._wanted.executables
        if self._texts and member.size and self._texts.take(stream, member, path):
            analyzers += self._wanted.texts
        if analyzers:
            pieces = tar.content(stream, member)
            self.analyze(_text(path), member.size, pieces, analyzers, _section(stream, member))

    def analyze(
        self,
        path: str,
        size: int,
        pieces: Iterator[bytes],
        analyzers: Iterable[Analyzer],
        section: BinaryIO | None = None,
    ) -> None:
        """Give one file to each analyzer that wants it, and keep the facts and the problems."""
        if size > _SIZE_LIMIT:
            self.problem(f"skipped: {size} bytes are more than the limit of {_SIZE_LIMIT}", path)
            return
        file = LayerFile(path, size, pieces, section, self._others)
        facts: list[Fact] = []
        try:
            for analyzer in analyzers:
                try:
                    facts += analyzer.analyze(file)  # keeps what came before an error
                except (MalformedError, LimitExceeded) as error:
                    self.problem(_reason(error), path)
        finally:
            file.close()
        self._facts[path] = facts  # a path that comes twice counts as it was last

    def _other(self, member: tar.Member, path: bytes) -> None:
        name = path[path.rfind(b"/") + 1 :]
        if name.startswith(_WHITEOUT):  # overlayfs writes character devices, others links
            self._whiteout(path, name)
            return
        self._paths.append(path)
        analyzers = self._wanted.by(path)
        if member.kind == "symlink":
            if analyzers:
                self._links[_text(path)] = _text(member.link)
            elif path.count(b"/") < _NEAR_ROOT and len(self._folders) < _MOST_FOLDERS:
                self._folders[_text(path)] = _text(member.link)
        elif member.kind == "hardlink":
            if self.modes is not None:
                self.modes.of_member(member, path)
            target = _normal(member.link)
            if target is None:
                self.problem("a hard link that leaves the layer is ignored", _text(path))
            elif analyzers or self._texts or _text(target) in self._facts:
                self._hardlinks.append((_text(path), _text(target), analyzers))

    def _settle_hardlinks(self) -> None:
        for path, target, analyzers in self._hardlinks:
            if target in self._facts:
                self._facts[path] = [_moved(fact, path) for fact in self._facts[target]]
            elif analyzers:
                self.problem(f"is a hard link to {target}, which was not read", path)

    def _leading_elsewhere(self) -> Iterator[tuple[str, str]]:
        """Yield the links whose target is not read under its own name, as most are."""
        known = self._folders | self._links
        for path, target in self._links.items():
            end = resolve(path, known.get)
            if end and self._wanted.beyond(path, end):
                yield path, target

    def _whiteout(self, path: bytes, name: bytes) -> None:
        parent = path[: max(0, len(path) - len(name) - 1)]
        if name == _OPAQUE:
            self._opaque.append(_text(parent))
        elif not name.startswith(b".wh..wh."):  # aufs's own bookkeeping
            hidden = name[len(_WHITEOUT) :]
            self._removed.append(_text(parent + b"/" + hidden if parent else hidden))

    def problem(self, what: str, where: str) -> None:
        self._problems.append(Problem(what, where))


def _section(stream: ByteStream, member: tar.Member) -> BinaryIO | None:
    if stream.section is None or member.holes is not None:
        return None
    return stream.section(stream.offset, member.stored)


def _moved(fact: Fact, path: str) -> Fact:
    """Return a fact as read from another name of the same file."""
    values = [getattr(fact, field) for field in fact.__struct_fields__]
    values[0] = path
    kind: type[Package | OwnedFiles | Remark] = type(fact)  # type: ignore[assignment]
    return kind(*values)


def _reason(error: MalformedError | LimitExceeded) -> str:
    return error.reason if isinstance(error, MalformedError) else error.message


def _normal(name: bytes) -> bytes | None:
    """Return a member's path relative to the root, or None where it leaves it."""
    if b"/." in name or b"//" in name or name[:1] in _ODD_STARTS or b"\n" in name:
        parts = [part for part in name.split(b"/") if part not in (b"", b".")]
        if b".." in parts or b"\n" in name:
            return None
        name = b"/".join(parts)
    return name


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
