"""Rust crates that a Cargo.lock names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, ValidationError, convert

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LARGEST = 8 << 20
# tomllib takes the square of a key's parts, and no line that Cargo writes has that many
_MANY_PARTS = re.compile(r"^(?:[^.\n]*+\.){50}", re.MULTILINE)
_ENTRY = re.compile(r"^\[\[package\]\]", re.MULTILINE)


class _Crate(Struct):
    name: str
    version: str
    source: str = ""
    """Empty for crates in the project's own folders."""
    dependencies: list[str] = []
    """`name`, followed by the version and the source where the name alone is not clear."""


class _Lock(Struct):
    package: list[_Crate] = []
    root: _Crate | None = None
    """The project itself, in files from before Cargo 0.18."""


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Cargo, version 1 to 4 (doc.rust-lang.org/cargo, Cargo.toml vs .lock)."""
    text = file.read().decode("utf-8", "replace")
    lock = _read(text, file.path)
    crates = [*((lock.root,) if lock.root else ()), *lock.package]
    relations = _relations(crates)
    lines = [0] * (len(crates) - len(lock.package)) + _lines(text, len(lock.package))
    for crate, line in zip(crates, lines, strict=True):
        relation = relations.get(f"{crate.name} {crate.version}", "indirect")
        yield Package(
            file.path, "cargo", "cargo", crate.name, crate.version, relation=relation, line=line
        )


def _read(text: str, where: str) -> _Lock:
    if len(text) > _LARGEST or _MANY_PARTS.search(text):
        raise MalformedError("not written by Cargo: too large, or its keys are", where)
    # 5 ms to import, and few scans meet a Cargo.lock
    import tomllib  # noqa: PLC0415

    try:
        return convert(tomllib.loads(text), _Lock)
    # ValueError: TOMLDecodeError, and numbers too long for an int
    except (ValueError, ValidationError) as error:
        raise MalformedError(str(error), where) from error
    except RecursionError as error:
        raise MalformedError("TOML is nested too deeply", where) from error


def _relations(crates: list[_Crate]) -> dict[str, str]:
    """Tell the project's own crates and what they need; what is left out is indirect.

    The root is the one own crate that no other own crate needs; a workspace may have several.
    """
    own = [crate for crate in crates if not crate.source]
    versions = {crate.name: crate.version for crate in crates}
    needed = {name for crate in own for name in _needs(crate, versions)}
    members = [f"{crate.name} {crate.version}" for crate in own]
    roots = [member for member in members if member not in needed]
    relations = dict.fromkeys(needed, "direct") | dict.fromkeys(members, "workspace")
    return relations | ({roots[0]: "root"} if len(roots) == 1 else {})


def _needs(crate: _Crate, versions: dict[str, str]) -> Iterator[str]:
    for dependency in crate.dependencies:
        name, _, rest = dependency.partition(" ")
        yield f"{name} {rest.partition(' ')[0] or versions.get(name, '')}"


def _lines(text: str, count: int) -> list[int]:
    lines, line, position = [], 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.append(line)
    # where they differ, the entries are written in another way than Cargo's
    return lines if len(lines) == count else [0] * count


cargo_lock = Analyzer("cargo", 1, ("Cargo.lock",), _analyze, reads="both")
