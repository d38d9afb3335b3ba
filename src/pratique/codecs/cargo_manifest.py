"""Cargo's manifests: which dependencies are for development alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from posixpath import dirname, join, normpath

from msgspec import Struct, field

from pratique.codecs.tomltext import decode
from pratique.errors import MalformedError

_MANIFESTS = 1_000
_Table = dict[str, object]


class _Section(Struct, rename="kebab"):
    dependencies: _Table = field(default_factory=dict)
    dev_dependencies: _Table = field(default_factory=dict)
    build_dependencies: _Table = field(default_factory=dict)


class _Named(Struct):
    name: str = ""


class _Workspace(Struct):
    members: list[str] = []
    dependencies: _Table = field(default_factory=dict)


class _Manifest(_Section):
    package: _Named = field(default_factory=_Named)
    workspace: _Workspace = field(default_factory=_Workspace)
    target: dict[str, _Section] = {}


def development_only(
    lock: str, crates: Iterable[str], load: Callable[[str], bytes | None]
) -> dict[str, set[str]]:
    """Map a project's own crates to what only their tests and examples need, by crate name.

    A crate whose manifest is not found is not in the map. Members that are written with a `*` are
    looked for in folders of the crates' names.
    """
    found: dict[str, set[str]] = {}
    pending, seen = [dirname(lock)], set[str]()
    while pending and len(seen) < _MANIFESTS:
        folder = pending.pop()
        data = load(join(folder, "Cargo.toml")) if folder not in seen else None
        seen.add(folder)
        manifest = _read(data) if data else None
        if manifest:
            if manifest.package.name:
                found[manifest.package.name] = _for_development(manifest)
            pending += (normpath(join(folder, place)) for place in _places(manifest, crates))
    return found


def _read(data: bytes) -> _Manifest | None:
    try:
        return decode(data.decode("utf-8", "replace"), _Manifest, "Cargo.toml")
    except MalformedError:  # what it says is only of help
        return None


def _sections(manifest: _Manifest) -> Iterator[_Section]:
    yield manifest
    yield from manifest.target.values()


def _for_development(manifest: _Manifest) -> set[str]:
    """Return the crates, by their own names, that no build of the crate itself needs."""
    development, built = set[str](), set[str]()
    for section in _sections(manifest):
        development.update(map(_crate, section.dev_dependencies.items()))
        built.update(map(_crate, section.dependencies.items()))
        built.update(map(_crate, section.build_dependencies.items()))
    return development - built


def _crate(entry: tuple[str, object]) -> str:
    name, wish = entry
    renamed = wish.get("package") if isinstance(wish, dict) else None
    return renamed if isinstance(renamed, str) else name


def _places(manifest: _Manifest, crates: Iterable[str]) -> Iterator[str]:
    for member in manifest.workspace.members:
        if member.endswith("*"):
            yield from (f"{member.rstrip('*')}{crate}" for crate in crates)
        else:
            yield member
    tables = [manifest.workspace.dependencies]
    for section in _sections(manifest):
        tables += [section.dependencies, section.dev_dependencies, section.build_dependencies]
    for wish in (wish for table in tables for wish in table.values()):
        path = wish.get("path") if isinstance(wish, dict) else None
        if isinstance(path, str):
            yield path
