"""Maven's effective model: a POM with what its parents and the BOMs that it imports add.

https://maven.apache.org/ref/current/maven-model-builder/: inheritance, then properties, then
management. Profiles that a machine or a flag activates, and settings.xml, are not evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath

from msgspec import Struct

from pratique.codecs.markup import elements
from pratique.codecs.maven_pom import COORDINATES, Dependency, Pom, Values, read_pom
from pratique.codecs.maven_version import newest_within
from pratique.errors import MalformedError

Load = Callable[[str], bytes | None]
"""Gives a file by its path, or nothing."""

_REPOSITORIES = (".m2/repository", "~/.m2/repository")
_METADATA = "maven-metadata-central.xml"
_COORDINATE = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.\-]*")
_GENERATIONS = 20
_MODULES = 5_000
_READS, _BYTES = 20_000, 128 << 20
_Key = tuple[str, str, str]
_Missing = dict[str, None]


class Model(Struct):
    """A project as Maven sees it, versions managed, properties replaced."""

    name: str
    version: str
    licenses: tuple[str, ...]
    dependencies: list[Dependency]
    """Its own first, then its parents'."""
    managed: dict[_Key, Dependency]
    missing: _Missing
    """Parents and BOMs that are needed and not there, as `group:artifact:version`."""


class Models:
    """Builds models out of the POMs of one tree and of a local repository.

    What was read is kept, for modules share parents and BOMs; beyond a bound nothing more is read.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._reads, self._bytes = _READS, _BYTES
        self._known: dict[tuple[str, str, str], Model | None] = {}
        self._found: dict[str, Pom | None] = {}
        self._folders: set[str] = set()
        self._unvisited: list[str] = []
        self._modules: dict[str, list[tuple[Pom, str]]] = {}

    def of(self, pom: Pom, path: str) -> Model:
        """Return the model of a project's file in the tree."""
        return self._model(pom, path, 0)

    def released(self, name: str, version: str, depth: int = 0) -> Model | None:
        """Return the model of an artifact of the tree or the repository; None where it is not."""
        group, _, artifact = name.partition(":")
        key = (group, artifact, version)
        if key not in self._known:
            self._known[key] = None  # while it is built: a BOM may import itself
            found = self._module(key) or self._stored(key)
            self._known[key] = self._model(*found, depth) if found else None
        return self._known[key]

    def newest(self, name: str, ranges: str) -> str:
        """Return which version of a range was there when Maven last asked; empty where unknown.

        It keeps what the repositories said (maven.apache.org/repository/metadata.html).
        """
        group, _, artifact = name.partition(":")
        if not ranges.startswith(("[", "(")) or not all(
            map(_COORDINATE.fullmatch, (group, artifact))
        ):
            return ""
        folder = f"{group.replace('.', '/')}/{artifact}"
        for repository in _REPOSITORIES if self._reads > 0 else ():
            self._reads -= 1
            path = f"{repository}/{folder}/{_METADATA}"
            if data := self._load(path):
                return newest_within(ranges, _versions(data, path))
        return ""

    def _model(self, pom: Pom, path: str, depth: int) -> Model:
        missing: _Missing = {}
        lineage = [pom, *self._parents(pom, path, missing)]
        values = Values(lineage)
        group, artifact, version = (values.expand(text) for text in pom.coordinates)
        licenses = next((one.licenses for one in lineage if one.licenses), ())
        managed = self._managed(lineage, values, depth, missing)
        dependencies: dict[_Key, Dependency] = {}
        for ancestor in lineage:
            for one in ancestor.dependencies:
                dependency = values.dependency(one, one.line if ancestor is pom else 0)
                dependencies.setdefault(dependency.key, with_management(dependency, managed))
        return Model(f"{group}:{artifact}", version, licenses, list(dependencies.values()),
                     managed, missing)  # fmt: skip

    def _managed(
        self, lineage: list[Pom], values: Values, depth: int, missing: _Missing
    ) -> dict[_Key, Dependency]:
        """Return the rules of a project and its parents, then those of BOMs: the first one wins."""
        managed: dict[_Key, Dependency] = {}
        imports = []
        for one in (one for ancestor in lineage for one in ancestor.managed):
            dependency = values.dependency(one, 0)
            if dependency.fields.get("scope") == "import":
                imports.append(dependency)
            else:
                managed.setdefault(dependency.key, dependency)
        for bom in imports:
            for key, dependency in self._imported(bom, depth, missing).items():
                managed.setdefault(key, dependency)
        return managed

    def _imported(self, bom: Dependency, depth: int, missing: _Missing) -> dict[_Key, Dependency]:
        version = bom.fields.get("version", "")
        model = self.released(bom.name, version, depth + 1) if depth < _GENERATIONS else None
        missing.update(model.missing if model else {f"{bom.name}:{version}": None})
        return model.managed if model else {}

    def _parents(self, pom: Pom, path: str, missing: _Missing) -> Iterator[Pom]:
        for _ in range(_GENERATIONS):
            if not path.startswith(_REPOSITORIES):
                self._meet(dirname(path))
            wanted = tuple(pom.parent.get(key, "") for key in COORDINATES)
            if not wanted[1]:
                return
            found = self._relative(pom, path, wanted) or self._stored(wanted)
            if found is None:
                missing[":".join(wanted)] = None
                return
            pom, path = found
            yield pom

    def _relative(self, pom: Pom, path: str, wanted: tuple[str, ...]) -> tuple[Pom, str] | None:
        """Return the parent where `relativePath` says, if that is the one that is meant."""
        relative = pom.parent.get("relativePath", "../pom.xml")
        if not relative or path.startswith(_REPOSITORIES):
            return None
        place = normpath(join(dirname(path), relative))
        for candidate in (place, f"{place}/pom.xml"):
            parent = self._at(candidate)
            if parent and _is_meant(parent, wanted):
                return parent, candidate
        return None

    def _stored(self, wanted: tuple[str, ...]) -> tuple[Pom, str] | None:
        if not all(_COORDINATE.fullmatch(part) for part in wanted):
            return None
        group, artifact, version = wanted
        inside = f"{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}.pom"
        for repository in _REPOSITORIES:
            if pom := self._at(f"{repository}/{inside}"):
                return pom, f"{repository}/{inside}"
        return None

    def _module(self, wanted: tuple[str, str, str]) -> tuple[Pom, str] | None:
        """Look for a project among those that were met on the way, and their modules."""
        while self._unvisited:
            folder = self._unvisited.pop()
            path = join(folder, "pom.xml")
            if (pom := self._at(path)) and len(self._folders) < _MODULES:
                self._modules.setdefault(pom.coordinates[1], []).append((pom, path))
                for module in pom.modules:
                    self._meet(normpath(join(folder, module.removesuffix("/pom.xml"))))
        near = self._modules.get(wanted[1], [])
        return next(((pom, path) for pom, path in near if _is_meant(pom, wanted)), None)

    def _meet(self, folder: str) -> None:
        if folder not in self._folders:
            self._folders.add(folder)
            self._unvisited.append(folder)

    def _at(self, path: str) -> Pom | None:
        if path not in self._found and self._reads > 0:
            self._reads -= 1
            data = self._load(path) or b""
            self._bytes -= len(data)
            try:
                self._found[path] = read_pom(data, path) if self._bytes > 0 else None
            except MalformedError:  # as if it were not there; the tree's own are told of elsewhere
                self._found[path] = None
        return self._found.get(path)


def _versions(data: bytes, path: str) -> list[str]:
    try:
        return [one.text for one in elements(data, path) if one.path.endswith("/versions/version")]
    except MalformedError:  # a cache's; the version is then among those that are not set
        return []


def _is_meant(pom: Pom, wanted: tuple[str, ...]) -> bool:
    """Compare coordinates; a version or group with properties is taken on trust."""
    return all(
        said == meant or "${" in said or "${" in meant
        for said, meant in zip(pom.coordinates, wanted, strict=True)
    )


def with_management(one: Dependency, managed: dict[_Key, Dependency]) -> Dependency:
    """Return a dependency with what it leaves open filled in."""
    rule = managed.get(one.key)
    if rule is None:
        return one
    fields = rule.fields | {key: text for key, text in one.fields.items() if text}
    return Dependency(fields, one.exclusions + rule.exclusions, one.line)
