"""Gradle's version catalogs (docs.gradle.org/current/userguide/version_catalogs.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from pratique.codecs.gradle_script import Module
from pratique.codecs.tomltext import decode

# 1.+, latest.release, [1.0,2.0[
_OPEN = re.compile(r"[\[\](]|.*\+$|latest\.")
_TABLE = re.compile(r"(?m)^[ \t]*\[[ \t]*(\w+)[ \t]*\][ \t]*(?:#.*)?\r?$")
_KEY = re.compile(r"""(?m)^[ \t]*(["']?)([\w.-]+)\1[ \t]*=""")


class _Rich(Struct):
    """docs.gradle.org/current/userguide/rich_versions.html."""

    strictly: str = ""
    require: str = ""
    prefer: str = ""
    ref: str = ""


_Version = str | _Rich


class _Library(Struct):
    module: str = ""
    group: str = ""
    name: str = ""
    version: _Version = ""


class _Plugin(Struct):
    id: str = ""
    version: _Version = ""


class _Catalog(Struct):
    versions: dict[str, _Version] = {}
    libraries: dict[str, str | _Library] = {}
    plugins: dict[str, str | _Plugin] = field(default_factory=dict)
    bundles: dict[str, list[str]] = {}


class Catalog(Struct, frozen=True):
    """What builds may use, by alias; a module's reference is the entry of its version."""

    libraries: dict[str, Module]
    plugins: dict[str, Module]
    bundles: dict[str, list[str]]

    def used(self, accessor: str) -> Iterator[Module]:
        """Yield the libraries that `libs.accessor` stands for."""
        words = accessor.removesuffix(".get")
        if words.startswith("bundles."):
            for alias, members in self.bundles.items():
                if _accessor(alias) == words.removeprefix("bundles."):
                    yield from (self.libraries[m] for m in members if m in self.libraries)
        for alias, module in self.libraries.items():
            if _accessor(alias) == words:
                yield module

    def plugin(self, accessor: str) -> Module | None:
        """Return the plugin that `libs.plugins.accessor` stands for."""
        of = {_accessor(alias): module for alias, module in self.plugins.items()}
        return of.get(accessor.removeprefix("plugins."))


def read_catalog(text: str, where: str) -> Catalog:
    """Return what a catalog offers; raise MalformedError where it is none.

    Versions are empty where a platform sets them, or where there are several. Places are those of
    what decides a version; where the text is written in an odd way, they are empty.
    """
    raw = decode(text, _Catalog, where)
    entries = _entries(text)
    libraries, plugins = {}, {}
    for alias, library in raw.libraries.items():
        name, version, ref = _library(library, raw.versions)
        if ":" in name:
            libraries[alias] = _module(text, entries, ("libraries", alias), name, version, ref)
    for alias, plugin in raw.plugins.items():
        id, version, ref = _plugin(plugin, raw.versions)
        if id:
            plugins[alias] = _module(text, entries, ("plugins", alias), id, version, ref)
    return Catalog(libraries, plugins, raw.bundles)


_Entries = Mapping[tuple[str, str], tuple[int, int, int]]


def _entries(text: str) -> _Entries:
    """Return where the entries of tables are, as far as each begins a line, and that line."""
    tables = [*_TABLE.finditer(text)]
    ends = [one.start() for one in tables[1:]] + [len(text)]
    found = {}
    line, last = 1, 0
    for table, end in zip(tables, ends, strict=True):
        keys = [*_KEY.finditer(text, table.end(), end)]
        stops = [one.start() for one in keys[1:]] + [end]
        for key, stop in zip(keys, stops, strict=True):
            line, last = line + text.count("\n", last, key.start(2)), key.start(2)
            found[table[1], key[2]] = (last, stop, line)
    return found


def _module(
    text: str, entries: _Entries, key: tuple[str, str], name: str, version: str, ref: str
) -> Module:
    start, end = _place(text, entries.get(("versions", ref) if ref else key), version)
    at = entries.get(key)
    return Module(name, version, ref, start, end, key[0], ("catalog",), at[2] if at else 0)


def _place(text: str, entry: tuple[int, int, int] | None, version: str) -> tuple[int, int]:
    """Return where a version is within an entry: after a quote, or after a colon."""
    if entry is None or not version:
        return 0, 0
    said = re.compile(rf"""=[^#\n]*?["'](?:[^"'\s]*:)?({re.escape(version)})(?:!!)?["']""")
    found = said.search(text, *entry[:2])
    return found.span(1) if found else (0, 0)


def _library(library: str | _Library, versions: Mapping[str, _Version]) -> tuple[str, str, str]:
    if isinstance(library, str):
        group, artifact, version = (*library.split(":"), "", "", "")[:3]
        return f"{group}:{artifact}" * bool(artifact), _exact(version), ""
    name = library.module or f"{library.group}:{library.name}".strip(":")
    return name, *_resolved(library.version, versions)


def _plugin(plugin: str | _Plugin, versions: Mapping[str, _Version]) -> tuple[str, str, str]:
    if isinstance(plugin, str):
        id, _, version = plugin.partition(":")
        return id, _exact(version), ""
    return plugin.id, *_resolved(plugin.version, versions)


def _resolved(version: _Version, versions: Mapping[str, _Version]) -> tuple[str, str]:
    """Return the version that a build would start from, and the entry that it is taken from."""
    ref = version.ref if isinstance(version, _Rich) else ""
    if ref:
        version = versions.get(ref, "")
    if isinstance(version, str):
        return _exact(version), ref
    stated = (version.strictly, version.require, version.prefer)
    return next((exact for text in stated if (exact := _exact(text))), ""), ref


def _exact(version: str) -> str:
    return "" if _OPEN.match(version) else version.removesuffix("!!")


def _accessor(alias: str) -> str:
    return re.sub(r"[-_]", ".", alias)
