"""Programs that no package manager installed, told by their name and their own strings."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.known_programs import cpe, find_version, programs_named
from pratique.codecs.window import Window
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


def _analyze(file: File) -> Iterator[Package]:
    """Search a program or library for its version, where its name is one that is known.

    What says no version gives nothing: a name alone is no evidence. A file that a system's package
    owns gives one, too; it is dropped when layers are stacked.
    """
    programs, minor = programs_named(file.path.rpartition("/")[2])
    if not programs:
        return
    if found := find_version(Window(file.open(), file.size, file.path), programs, minor):
        program, version = found
        yield Package(file.path, "binary", "generic", program.name, version,
                      cpe=cpe(program.cpe, version))  # fmt: skip


programs = Analyzer("binary", 1, ("<executable>",), _analyze)
