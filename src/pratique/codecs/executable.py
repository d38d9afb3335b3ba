"""Find the sections of an executable, whichever system it is for."""

from __future__ import annotations

from functools import lru_cache

from pratique.codecs import go_buildinfo
from pratique.codecs.elf import read_elf
from pratique.codecs.program import Program
from pratique.codecs.window import Window
from pratique.model.file import File

AUDIT = ".dep-v0"
"""What cargo-auditable writes (its PARSING.md)."""
DATA = (".data", "__data")
_WANTED = (*go_buildinfo.SECTIONS, *go_buildinfo.TABLES, AUDIT, *DATA)
_HEAD = 4096


@lru_cache(maxsize=4)  # several analyzers are given the same file, one after the other
def programs_of(file: File) -> tuple[Program, ...]:
    """Return the programs of a file, with the sections that some analyzer reads.

    Raises MalformedError where the headers are damaged.
    """
    return read_executable(Window(file.open(), file.size, file.path), _WANTED)


def read_executable(file: Window, wanted: tuple[str, ...]) -> tuple[Program, ...]:
    """Read the headers of an ELF, PE or Mach-O file; a universal file holds several programs.

    Only the sections of the wanted names are told. What is none of these formats gives nothing.
    """
    head = file.upto(0, _HEAD)
    if head.startswith(b"\x7fELF"):
        return (read_elf(file, head, wanted),)
    # few images hold programs of other systems
    if head.startswith(b"MZ"):
        from pratique.codecs.pe import read_pe  # noqa: PLC0415

        return read_pe(file, head, wanted)
    from pratique.codecs.macho import is_macho, read_macho  # noqa: PLC0415

    return tuple(read_macho(file, head, wanted)) if is_macho(head) else ()
