"""All that is known around a Dockerfile when a better habit is thought of."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.shell import commands
from pratique.model.inventory import Inventory, Package


class Situation(Struct, frozen=True):
    """A Dockerfile, its context, and the image that was built of it, as far as they are known."""

    made: Build
    names: tuple[str, ...] | None = None
    """The files of the context, by path; None where it is not known which folder that is."""
    inventory: Inventory | None = None
    """Of the image; None where none was scanned."""
    layers: int = 0
    """How many of the image's layers are its base's."""
    ignore: tuple[str, str | None] = (".dockerignore", None)
    """The path and text of the file that leaves things out of the context."""

    @property
    def own(self) -> Iterator[Package]:
        """Yield the packages that the Dockerfile brought."""
        for package in self.inventory.packages if self.inventory else ():
            if package.introduced >= self.layers:
                yield package


def started(stage: Stage) -> list[Instruction]:
    """Return the ENTRYPOINT and the CMD that count."""
    found = (stage.last("ENTRYPOINT"), stage.last("CMD"))
    return [one[1] for one in found if one]


def words_of(instruction: Instruction) -> list[str]:
    """Return the words of what a container starts, exec and shell form alike."""
    if instruction.exec is None:
        return [word.text for one in commands(instruction.rest) for word in one.words]
    found: list[str] = []
    for text in instruction.exec:
        found += _parted(text) if " " in text else [text]
    return found


def _parted(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def written(made: Build, *lines: str) -> str:
    """Join lines with the ends that the file has."""
    is_dos = bool(made.parsed.lines) and made.parsed.lines[0].endswith("\r")
    return "\n".join(f"{line}\r" if is_dos else line for line in lines)
