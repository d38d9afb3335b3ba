"""Maven's project files, one at a time: what a POM itself says, nothing inherited or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pratique.codecs.markup import elements
from pratique.errors import MalformedError

COORDINATES = ("groupId", "artifactId", "version")
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_LONGEST = 4096
_DEEPEST = 20
_DEPENDENCY = "project/dependencies/dependency"
_MANAGED = "project/dependencyManagement/dependencies/dependency"
_EXCLUSIONS = ("/exclusions/exclusion/groupId", "/exclusions/exclusion/artifactId")
_KEPT = ("project", "project/parent", "project/properties", _DEPENDENCY, _MANAGED)
_PREFIXES = ("project.", "pom.")


class Dependency(Struct, frozen=True):
    """A dependency, or how one is to be managed; the words of its element are its fields."""

    fields: dict[str, str]
    exclusions: tuple[str, ...] = ()
    """`group:artifact`, either of them maybe `*`."""
    line: int = 0

    @property
    def name(self) -> str:
        return f"{self.fields.get('groupId', '')}:{self.fields.get('artifactId', '')}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What Maven manages versions by."""
        return (self.name, self.fields.get("type") or "jar", self.fields.get("classifier", ""))


class Pom(Struct, frozen=True):
    """A POM (maven.apache.org/pom.html) as it is written; profiles and plugins are not read."""

    own: Mapping[str, str]
    """groupId, artifactId, version, packaging …"""
    parent: Mapping[str, str]
    """Its coordinates and relativePath."""
    properties: Mapping[str, str]
    dependencies: tuple[Dependency, ...]
    managed: tuple[Dependency, ...]
    modules: tuple[str, ...]
    licenses: tuple[str, ...]

    @property
    def coordinates(self) -> tuple[str, str, str]:
        """Group, artifact and version, inherited where they are not its own."""
        group, artifact, version = (self.own.get(key, "") for key in COORDINATES)
        return (group or self.parent.get("groupId", ""), artifact,
                version or self.parent.get("version", ""))  # fmt: skip


def read_pom(data: bytes, where: str) -> Pom:
    """Return what a file says; raise MalformedError where it is no Maven project."""
    fields: dict[str, dict[str, str]] = {}
    found: dict[str, list[Dependency]] = {_DEPENDENCY: [], _MANAGED: []}
    excluded: list[str] = []
    modules, licenses = [], []
    path = ""
    for element in elements(data, where):
        path = element.path
        folder, _, tag = path.rpartition("/")
        if path in found:
            exclusions = tuple(map(":".join, zip(excluded[::2], excluded[1::2], strict=False)))
            found[path].append(Dependency(fields.pop(path, {}), exclusions, element.line))
            excluded = []
        elif path.endswith(_EXCLUSIONS):
            # a group always comes first, whatever the order in the file
            _place(excluded, tag, element.text)
        elif path == "project/licenses/license/name" and element.text:
            licenses.append(element.text)
        elif path == "project/modules/module" and element.text:
            modules.append(element.text)
        elif folder in _KEPT:
            fields.setdefault(folder, {})[tag] = element.text
    if path != "project":
        raise MalformedError("not a Maven project", where)
    own, parent, properties = (fields.get(key, {}) for key in _KEPT[:3])
    return Pom(own, parent, properties, tuple(found[_DEPENDENCY]), tuple(found[_MANAGED]),
               tuple(modules), tuple(licenses))  # fmt: skip


def _place(excluded: list[str], tag: str, text: str) -> None:
    if len(excluded) % 2 and tag == "groupId":
        excluded.insert(len(excluded) - 1, text)
    else:
        excluded.append(text)


class Values:
    """What `${…}` stands for in one project, its parents' properties included."""

    def __init__(self, lineage: Iterable[Pom]) -> None:
        """Take a POM and its parents, the nearest first.

        Maven asks the model, then properties, then the model: the first time a name must say
        `project.`, the second time it need not.
        """
        first, *parents = lineage
        group, artifact, version = first.coordinates
        model = {f"parent.{field}": first.parent.get(field, "") for field in COORDINATES}
        model |= {"groupId": group, "artifactId": artifact, "version": version}
        self._values = dict(model)
        for pom in (*reversed(parents), first):
            self._values |= pom.properties
        self._values |= {f"{prefix}{name}": model[name] for prefix in _PREFIXES for name in model}
        self._done: dict[str, str] = {}

    def expand(self, text: str, depth: int = 0) -> str:
        """Replace properties; what is unknown, endless or too long stays `${…}`."""
        if "${" not in text:
            return text if len(text) <= _LONGEST else "${}"
        if len(text) > _LONGEST or depth > _DEEPEST:
            return "${}"
        expanded = _REFERENCE.sub(lambda found: self._value(found, depth), text)
        return expanded if len(expanded) <= _LONGEST else "${}"

    def _value(self, reference: re.Match[str], depth: int) -> str:
        name = reference[1]
        if name not in self._done:
            # in place before its own value is looked at: one that refers to itself stays
            self._done[name] = reference[0]
            if self._values.get(name):
                self._done[name] = self.expand(self._values[name], depth + 1)
        return self._done[name]

    def dependency(self, written: Dependency, line: int) -> Dependency:
        """Return a dependency with its properties replaced."""
        fields = {key: self.expand(text) for key, text in written.fields.items()}
        exclusions = tuple(self.expand(text) for text in written.exclusions)
        return Dependency(fields, exclusions, line)
