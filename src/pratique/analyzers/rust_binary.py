"""Rust crates that are linked into a program built by cargo-auditable."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.executable import AUDIT, programs_of
from pratique.codecs.jsontext import decode
from pratique.codecs.program import Stretch
from pratique.codecs.window import Window
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LIMIT = 8 << 20
_LINKED = "runtime"


class _Crate(Struct, frozen=True):
    name: str
    version: str
    kind: str = _LINKED
    """`build` for what only build scripts and macros use: it is not in the program."""
    dependencies: tuple[int, ...] = ()
    root: bool = False


class _Audit(Struct, frozen=True):
    packages: tuple[_Crate, ...]


_AUDIT = Decoder(_Audit)


def _analyze(file: File) -> Iterator[Package]:
    """Read the list of crates that cargo-auditable embeds (its PARSING.md): JSON under zlib.

    Headers that cannot be read are no error here: nearly every program has no such list, and the
    analyzer of Go's programs, which reads the same files, tells of them.
    """
    window = Window(file.open(), file.size, file.path)
    try:
        programs = programs_of(file)
    except MalformedError:
        return
    given: set[Package] = set()
    for program in programs:
        section = program.section(AUDIT)
        if section:
            packages = list(_packages(_read(window, section), file.path))
            yield from (package for package in packages if package not in given)
            given.update(packages)


def _read(window: Window, section: Stretch) -> _Audit:
    # 1 ms to import, and few programs have the section
    import zlib  # noqa: PLC0415

    if section.size > _LIMIT:
        raise MalformedError(f"a list of crates of {section.size} bytes", window.where)
    machine = zlib.decompressobj()
    try:
        data = machine.decompress(window.at(section.offset, section.size), _LIMIT)
    except zlib.error as error:
        raise MalformedError(f"the list of crates is corrupt: {error}", window.where) from error
    if not machine.eof:
        reason = "too long" if len(data) == _LIMIT else "cut short"
        raise MalformedError(f"the list of crates is {reason}", window.where)
    return decode(data, _AUDIT, window.where)


def _packages(audit: _Audit, path: str) -> Iterator[Package]:
    crates = audit.packages
    direct = {index for crate in crates if crate.root for index in crate.dependencies}
    for index, crate in enumerate(crates):
        if crate.kind == _LINKED:
            relation = "root" if crate.root else "direct" if index in direct else "indirect"
            needs = (crates[at] for at in crate.dependencies if 0 <= at < len(crates))
            depends = tuple(f"{one.name}@{one.version}" for one in needs if one.kind == _LINKED)
            yield Package(path, "rustbinary", "cargo", crate.name, crate.version,
                          relation=relation, depends=depends)  # fmt: skip


rust_binary = Analyzer("rustbinary", 1, ("<executable>",), _analyze)
