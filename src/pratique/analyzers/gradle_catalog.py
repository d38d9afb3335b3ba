"""Java packages that a Gradle version catalog offers to the projects of a build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from pratique.codecs.tomltext import decode
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# 1.+, latest.release, [1.0,2.0[
_OPEN = re.compile(r"[\[\](]|.*\+$|latest\.")


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


def _analyze(file: File) -> Iterator[Package]:
    """Read a catalog (docs.gradle.org/current/userguide/version_catalogs.html).

    It says what a build may use and in which version, not what that pulls in. Plugins are for
    development, as the artifacts that Gradle finds them by. Where the build has locked what it
    uses, the lock file beside is read instead. An empty version is left to a platform.
    """
    if file.other(f"{file.path.rpartition('gradle/')[0]}gradle.lockfile") is not None:
        return
    text = file.read().decode("utf-8", "replace")
    catalog = decode(text, _Catalog, file.path)
    lines = _lines(text)
    for alias, library in catalog.libraries.items():
        name, version = _library(library, catalog.versions)
        if ":" in name:
            yield _package(file.path, name, version, lines.get(alias, 0), dev=False)
    for alias, plugin in catalog.plugins.items():
        id, version = _plugin(plugin, catalog.versions)
        if id:
            marker = f"{id}:{id}.gradle.plugin"
            yield _package(file.path, marker, version, lines.get(alias, 0), dev=True)


def _package(path: str, name: str, version: str, line: int, *, dev: bool) -> Package:
    return Package(path, "gradle-catalog", "maven", name, version, dev=dev, line=line,
                   relation="direct")  # fmt: skip


def _library(library: str | _Library, versions: Mapping[str, _Version]) -> tuple[str, str]:
    if isinstance(library, str):
        group, artifact, version = (*library.split(":"), "", "", "")[:3]
        return f"{group}:{artifact}" * bool(artifact), _exact(version)
    name = library.module or f"{library.group}:{library.name}".strip(":")
    return name, _resolved(library.version, versions)


def _plugin(plugin: str | _Plugin, versions: Mapping[str, _Version]) -> tuple[str, str]:
    if isinstance(plugin, str):
        id, _, version = plugin.partition(":")
        return id, _exact(version)
    return plugin.id, _resolved(plugin.version, versions)


def _resolved(version: _Version, versions: Mapping[str, _Version]) -> str:
    """Return the version that a build would start from; empty where there are several."""
    if isinstance(version, _Rich) and version.ref:
        version = versions.get(version.ref, "")
    if isinstance(version, str):
        return _exact(version)
    stated = (version.strictly, version.require, version.prefer)
    return next((exact for text in stated if (exact := _exact(text))), "")


def _exact(version: str) -> str:
    return "" if _OPEN.match(version) else version.removesuffix("!!")


def _lines(text: str) -> dict[str, int]:
    """Return where entries begin, as far as they are written one a line."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, _ = line.partition("=")
        if equals:
            lines[key.strip().strip("\"'")] = number
    return lines


gradle_catalog = Analyzer(
    "gradle-catalog", 1, ("gradle/*.versions.toml",), _analyze, reads="locked"
)
