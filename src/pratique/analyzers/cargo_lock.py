"""Rust crates that a Cargo.lock names."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.cargo_manifest import development_only
from pratique.codecs.tomltext import decode, table_lines
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Crate(Struct):
    name: str
    version: str
    source: str = ""
    """Empty for crates in the project's own folders."""
    dependencies: list[str] = []
    """`name`, followed by the version and the source where the name alone is not clear."""

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"


class _Lock(Struct):
    package: list[_Crate] = []
    root: _Crate | None = None
    """The project itself, in files from before Cargo 0.18."""


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Cargo, version 1 to 4 (doc.rust-lang.org/cargo, Cargo.toml vs .lock).

    Which crates are for development alone is not in it; the manifests of a project on disk tell.
    """
    text = file.read().decode("utf-8", "replace")
    lock = decode(text, _Lock, file.path)
    crates = [*((lock.root,) if lock.root else ()), *lock.package]
    needs = _needs(crates)
    own = [crate for crate in crates if not crate.source]
    relations = _relations([crate.id for crate in own], needs)
    if _is_virtual(file):
        relations |= dict.fromkeys((crate.id for crate in own), "workspace")
    development = development_only(file.path, [crate.name for crate in own], file.other)
    built = _built(own, needs, development) if development else {crate.id for crate in crates}
    lines = [0] * (len(crates) - len(lock.package))
    lines += table_lines(text, "package", len(lock.package))
    for crate, line in zip(crates, lines, strict=True):
        yield Package(
            file.path,
            "cargo",
            "cargo",
            crate.name,
            crate.version,
            relation=relations.get(crate.id, "indirect"),
            line=line,
            dev=crate.id not in built,
            depends=tuple(dict.fromkeys(needs[crate.id])),
        )


def _needs(crates: list[_Crate]) -> dict[str, list[str]]:
    """Map each crate to those that it needs, both as `name@version`."""
    versions = {crate.name: crate.version for crate in crates}
    needs: dict[str, list[str]] = {}
    for crate in crates:
        words = (dependency.split(" ") for dependency in crate.dependencies)
        found = (f"{name}@{(*rest, versions.get(name, ''))[0]}" for name, *rest in words)
        needs.setdefault(crate.id, []).extend(found)
    return needs


def _relations(own: list[str], needs: dict[str, list[str]]) -> dict[str, str]:
    """Tell the project's own crates and what they need; what is left out is indirect.

    The root is the one own crate that no other own crate needs; a workspace may have several.
    """
    needed = {name for crate in own for name in needs[crate]}
    roots = [crate for crate in own if crate not in needed]
    relations = dict.fromkeys(needed, "direct") | dict.fromkeys(own, "workspace")
    return relations | ({roots[0]: "root"} if len(roots) == 1 else {})


def _is_virtual(file: File) -> bool:
    """Tell a workspace without a root package, by the manifest beside the lock file."""
    manifest = file.other(f"{file.path.removesuffix('Cargo.lock')}Cargo.toml")
    return manifest is not None and b"[package]" not in manifest


def _built(
    own: list[_Crate], needs: dict[str, list[str]], development: dict[str, set[str]]
) -> set[str]:
    """Return the crates that some build of the project needs, which tests and examples are not."""
    built: set[str] = {crate.id for crate in own}
    pending = [
        name
        for crate in own
        for name in needs[crate.id]
        if name.rpartition("@")[0] not in development.get(crate.name, ())
    ]
    while pending:
        crate = pending.pop()
        if crate not in built:
            built.add(crate)
            pending += needs.get(crate, ())
    return built


cargo_lock = Analyzer("cargo", 1, ("Cargo.lock",), _analyze, reads="both")
