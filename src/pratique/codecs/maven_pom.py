"""Maven's project files, one at a time: what a POM itself says, nothing inherited or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pratique.codecs.markup import Element, elements
from pratique.errors import MalformedError

COORDINATES = ("groupId", "artifactId", "version")
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_LONGEST = 4096
_DEEPEST = 20
_DEPENDENCY = "project/dependencies/dependency"
_MANAGED = "project/dependencyManagement/dependencies/dependency"
_EXCLUSIONS = ("/exclusions/exclusion/groupId", "/exclusions/exclusion/artifactId")
_PROPERTIES = "project/properties"
_KEPT = ("project", "project/parent", _PROPERTIES, _DEPENDENCY, _MANAGED)
_PROFILE = "project/profiles/profile"
_ACTIVE = _PROFILE + "/activation/activeByDefault"
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
    """A POM (maven.apache.org/pom.html) as it is written, its profiles included where default."""

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


class _Part(Struct):
    """What a project says, or one of its profiles."""

    fields: dict[str, dict[str, str]] = {}
    dependencies: list[Dependency] = []
    managed: list[Dependency] = []
    modules: list[str] = []
    licenses: list[str] = []
    excluded: list[str] = []

    def take(self, path: str, element: Element) -> None:
        """Add an element by its path, as if it stood in the project itself."""
        folder, _, tag = path.rpartition("/")
        if path in (_DEPENDENCY, _MANAGED):
            exclusions = tuple(
                map(":".join, zip(self.excluded[::2], self.excluded[1::2], strict=False))
            )
            found = self.dependencies if path == _DEPENDENCY else self.managed
            found.append(Dependency(self.fields.pop(path, {}), exclusions, element.line))
            self.excluded = []
        elif path.endswith(_EXCLUSIONS):
            # a group always comes first, whatever the order in the file
            _place(self.excluded, tag, element.text)
        elif path == "project/licenses/license/name" and element.text:
            self.licenses.append(element.text)
        elif path == "project/modules/module" and element.text:
            self.modules.append(element.text)
        elif folder in _KEPT:
            self.fields.setdefault(folder, {})[tag] = element.text

    def inject(self, profile: _Part) -> None:
        """Add a profile, which wins where both say something."""
        own = profile.fields.get(_PROPERTIES, {})
        self.fields.setdefault(_PROPERTIES, {}).update(own)
        self.dependencies = _over(self.dependencies, profile.dependencies)
        self.managed = _over(self.managed, profile.managed)
        self.modules += profile.modules


def read_pom(data: bytes, where: str) -> Pom:
    """Return what a file says; raise MalformedError where it is no Maven project.

    Profiles that are active by default are part of it; which of the others are is a matter of the
    machine that builds.
    """
    main, profile = _Part(), _Part()
    profiles: list[_Part] = []
    path, active = "", False
    for element in elements(data, where):
        path = element.path
        if not path.startswith(_PROFILE):
            main.take(path, element)
        elif path == _PROFILE:
            profiles += [profile] if active else []
            profile, active = _Part(), False
        elif path == _ACTIVE:
            active = element.text.lower() == "true"
        else:
            profile.take("project" + path.removeprefix(_PROFILE), element)
    if path != "project":
        raise MalformedError("not a Maven project", where)
    for one in profiles:
        main.inject(one)
    own, parent, properties = (main.fields.get(key, {}) for key in _KEPT[:3])
    return Pom(own, parent, properties, tuple(main.dependencies), tuple(main.managed),
               tuple(main.modules), tuple(main.licenses))  # fmt: skip


def _over(own: list[Dependency], profile: list[Dependency]) -> list[Dependency]:
    new = {one.key for one in profile}
    return [one for one in own if one.key not in new] + profile if profile else own


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
