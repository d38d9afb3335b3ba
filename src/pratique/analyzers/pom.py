"""Java packages that a Maven project asks for: its pom.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.markup import elements
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_EXACT = re.compile(r"\[([^\[\](),]+)\]")
# a range, a word for the newest, a mark that a build replaces
_OPEN = re.compile(r"[\[(@]|.*\$\{|LATEST$|RELEASE$")
_LONGEST = 4096
_DEEPEST = 20
_DEPENDENCY = "project/dependencies/dependency"
_MANAGED = "project/dependencyManagement/dependencies/dependency"
_COORDINATES = ("groupId", "artifactId", "version")
_PREFIXES = ("project.", "pom.")
_KEPT = ("project", "project/parent", "project/properties", _DEPENDENCY, _MANAGED)
_SCOPES = ("", "compile", "runtime")


class _Dependency(Struct, gc=False):
    line: int
    fields: dict[str, str]


class _Project(Struct):
    fields: dict[str, dict[str, str]]
    """The leaves right below `project`, `project/parent` and `project/properties`."""
    dependencies: dict[str, list[_Dependency]]
    licenses: list[str]


def _analyze(file: File) -> Iterator[Package]:
    """Read a project (maven.apache.org/pom.html) as far as its own file tells.

    A version may be set by a parent, a BOM or a profile elsewhere; then the dependency has none
    here, and the error at the end says how many. Dependencies of dependencies are not known.
    """
    project = _read(file.read(), file.path)
    values = _values(project)
    done: dict[str, str] = {}
    unresolved = 0
    for package in _packages(project, file.path):
        name, version = (_expand(text, values, done) for text in (package.name, package.version))
        exact = _EXACT.fullmatch(version)
        version = exact[1] if exact else version
        known = bool(version) and not _OPEN.match(version)
        unresolved += not known
        if "${" not in name and not name.startswith(":") and not name.endswith(":"):
            yield replace(package, name=name, version=version if known else "")
    if unresolved:
        raise MalformedError(f"{unresolved} versions are not set in this file", file.path)


def _read(data: bytes, where: str) -> _Project:
    project = _Project({}, {_DEPENDENCY: [], _MANAGED: []}, [])
    path = ""
    for element in elements(data, where):
        path = element.path
        folder, _, tag = path.rpartition("/")
        if path in project.dependencies:
            fields = project.fields.pop(path, {})
            project.dependencies[path].append(_Dependency(element.line, fields))
        elif path == "project/licenses/license/name" and element.text:
            project.licenses.append(element.text)
        elif folder in _KEPT:
            project.fields.setdefault(folder, {})[tag] = element.text
    if path != "project":
        raise MalformedError("not a Maven project", where)
    return project


def _values(project: _Project) -> dict[str, str]:
    """Collect what `${…}` may stand for: Maven asks the model, then properties, then the model.

    The first time a name must say `project.`, the second time it need not. A project's group and
    version are its parent's where it has none.
    """
    own, parent = (project.fields.get(key, {}) for key in ("project", "project/parent"))
    model = {f"parent.{field}": parent.get(field, "") for field in _COORDINATES}
    model |= {field: own.get(field, "") for field in _COORDINATES}
    for field in ("groupId", "version"):
        model[field] = model[field] or model[f"parent.{field}"]
    values = model | project.fields.get("project/properties", {})
    return values | {f"{prefix}{name}": model[name] for prefix in _PREFIXES for name in model}


def _packages(project: _Project, path: str) -> Iterator[Package]:
    """Give the project and its dependencies, with versions as they are written."""
    name = "${project.groupId}:${project.artifactId}"
    # projects below src/it are the integration tests of a Maven plugin
    root = Package(path, "pom", "maven", name, "${project.version}", dev="/src/it/" in f"/{path}")
    yield replace(root, licenses=tuple(dict.fromkeys(project.licenses)), relation="root")
    managed = {_key(one.fields): one.fields for one in project.dependencies[_MANAGED]}
    for one in project.dependencies[_DEPENDENCY]:
        fields = managed.get(_key(one.fields), {}) | {k: v for k, v in one.fields.items() if v}
        if fields.get("scope", "") in _SCOPES:
            name = f"{fields.get('groupId', '')}:{fields.get('artifactId', '')}"
            version = fields.get("version", "")
            yield replace(root, name=name, version=version, relation="direct", line=one.line)


def _key(fields: dict[str, str]) -> tuple[str, ...]:
    kind = fields.get("type") or "jar"
    return (*(fields.get(tag, "") for tag in ("groupId", "artifactId", "classifier")), kind)


def _expand(text: str, values: dict[str, str], done: dict[str, str], depth: int = 0) -> str:
    """Replace properties by their values; what is unknown, endless or too long stays `${…}`."""
    if len(text) > _LONGEST or depth > _DEEPEST:
        return "${}"

    def value(reference: re.Match[str]) -> str:
        name = reference[1]
        if name not in done:
            # in place before its own value is looked at: one that refers to itself stays
            done[name] = reference[0]
            if values.get(name):
                done[name] = _expand(values[name], values, done, depth + 1)
        return done[name]

    expanded = _REFERENCE.sub(value, text)
    return expanded if len(expanded) <= _LONGEST else "${}"


pom = Analyzer("pom", 1, ("pom.xml",), _analyze, reads="locked")
