"""A Gradle build as Maven would see it: what a script, and those above it, declare and manage.

https://docs.gradle.org/current/userguide/declaring_dependencies.html. Spring's plugin manages as
a parent does, its BOM's properties changed by those of the build; a platform manages like a BOM
that is imported. Of several versions Gradle takes the highest, Maven the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import basename, dirname, join, normpath

from msgspec import Struct

from pratique.codecs.gradle_catalog import Catalog, read_catalog
from pratique.codecs.gradle_script import Held, Module, Script, read_script
from pratique.codecs.maven_pom import Dependency, Pom
from pratique.errors import MalformedError

SCRIPTS = ("build.gradle", "build.gradle.kts")
SETTINGS = ("settings.gradle", "settings.gradle.kts")
BOOT_BOM = "org.springframework.boot:spring-boot-dependencies"
_BOOT = ("org.springframework.boot", "org.springframework.boot:spring-boot-gradle-plugin")
_SPRING = "io.spring.dependency-management"
_PROPERTY = re.compile(r"(?m)^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(\S+)[ \t]*\r?$")
_EXACT = re.compile(r"[A-Za-z0-9][\w.+-]*")
_OPEN = re.compile(r".*\+$|latest\.")
_DEV = re.compile(
    r"(?i)(?:\w+\.)?(?:classpath|checkstyle|pmd|kapt|ksp|compileonly(?:api)?|providedcompile"
    r"|(?:test|\w+test|androidtest)\w*|\w*annotationprocessor|developmentonly|jacoco\w*)\Z"
)  # fmt: skip
_MOST_SCRIPTS = 20
_DEEPEST = 12
_LARGEST = 256 << 10

Load = Callable[[str], str | None]
"""Gives a file's text by its path, or nothing."""


class Source(Struct, frozen=True):
    """A script, or gradle.properties, of a build."""

    path: str
    text: str
    script: Script


class Build(Struct, frozen=True):
    """A script with what it inherits, the nearest first."""

    sources: tuple[Source, ...]
    catalog: Catalog | None
    catalog_source: Source | None
    held: dict[str, tuple[Source, Held]]
    """By their names, where properties are set."""

    @property
    def own(self) -> Source:
        return self.sources[0]

    def holder(self, name: str) -> tuple[Source, Held] | None:
        """Return where a property is set."""
        return self.held.get(name)

    def version(self, module: Module) -> str:
        """Return the version that a module is asked for in; empty for none, and for ranges."""
        of_catalog = module.blocks == ("catalog",)
        found = self.holder(module.reference) if module.reference and not of_catalog else None
        version = (found[1].value if found else module.version).removesuffix("!!")
        return version if _EXACT.fullmatch(version) and not _OPEN.match(version) else ""

    @property
    def plugins(self) -> Iterator[tuple[Source, Module]]:
        """The plugins that have a version, and those of the old way."""
        for source in self.sources:
            for one in source.script.plugins:
                if one.version or one.reference:
                    yield source, one
            for one in source.script.modules:
                if one.verb == "classpath":
                    yield source, one
            if self.catalog and self.catalog_source:
                for _, words in source.script.accessors:
                    if words.startswith("plugins.") and (used := self.catalog.plugin(words)):
                        yield self.catalog_source, used

    def used(self, *, platforms: bool) -> Iterator[tuple[str, Module]]:
        """Yield what the script itself takes from the catalog, with the words it is taken by."""
        for verb, words in self.own.script.accessors if self.catalog else ():
            if (verb == "platform") == platforms and not words.startswith("plugins."):
                yield from ((verb, one) for one in self.catalog.used(words))  # type: ignore[union-attr]

    @property
    def platforms(self) -> Iterator[tuple[Source, Module]]:
        for source in self.sources:
            for one in source.script.modules:
                if one.is_platform:
                    yield source, one
        if self.catalog_source:
            yield from ((self.catalog_source, one) for _, one in self.used(platforms=True))

    @property
    def is_springs(self) -> bool:
        """Whether Spring's plugin manages versions."""
        return any(_SPRING in s.text for s in self.sources) or any(
            one.name == _SPRING for _, one in self.plugins
        )

    def boot(self) -> tuple[Source, Module] | None:
        """Return the plugin that brings Spring Boot's BOM, if that is used."""
        if not (self.is_springs or any("BOM_COORDINATES" in s.text for s in self.sources)):
            return None
        return next((one for one in self.plugins if one[1].name in _BOOT), None)

    def boms(self) -> list[tuple[str, str, Source, Module]]:
        """Return names and versions of what manages versions, with where that is said."""
        found = [(one.name, self.version(one), source, one) for source, one in self.platforms]
        if boot := self.boot():
            found.append((BOOT_BOM, self.version(boot[1]), *boot))
        return [one for one in found if one[1]]


def read_build(load: Load, path: str) -> Build:
    """Return the build of a script; raise MalformedError where there is none."""
    found: dict[str, Source] = {}
    own = load(path)
    if own is None:
        raise MalformedError("is not there", path)
    waiting = [path]
    folder = dirname(path)
    for _ in range(_DEEPEST):
        waiting += [join(folder, name) for name in ("gradle.properties", *SCRIPTS)]
        if not folder or any(load(join(folder, name)) is not None for name in SETTINGS):
            break
        folder = dirname(folder)
    else:
        folder = dirname(path)
    waiting += [join(folder, name) for name in SETTINGS]
    while waiting and len(found) < _MOST_SCRIPTS:
        one = waiting.pop(0)
        text = None if one in found or one.startswith("..") else load(one)
        if text is not None and len(text) > _LARGEST:
            raise MalformedError("is larger than any build script", one)
        if text is not None:
            found[one] = source = Source(one, text, _read(one, text))
            waiting += [_applied(name, one, folder) for name in source.script.applied]
    held = {h.name: (s, h) for s in reversed(found.values()) for h in reversed(s.script.properties)}
    place = join(folder, "gradle/libs.versions.toml")
    text = load(place)
    if text is None:
        return Build(tuple(found.values()), None, None, held)
    nothing = Script((), (), (), (), ())
    source = Source(place, text, nothing)
    return Build(tuple(found.values()), read_catalog(text, place), source, held)


class Asked(Struct, frozen=True):
    """A module that a script asks for."""

    name: str
    version: str
    dev: bool
    line: int
    of_catalog: bool = False


def asked(build: Build) -> list[Asked]:
    """Return what the script itself asks for; of two, the first."""
    found: dict[str, Asked] = {}
    for one in build.own.script.modules:
        if not (one.is_platform or is_constraint(one)):
            dev = is_for_development(one.verb)
            new = Asked(one.name, build.version(one), dev, one.line)
            found.setdefault(one.name, new)
    for verb, one in build.used(platforms=False):
        new = Asked(one.name, one.version, is_for_development(verb), 0, bool(one.version))
        found.setdefault(one.name, new)
    return list(found.values())


def as_pom(build: Build) -> Pom:
    """Return the POM that asks for the same."""
    boms = build.boms()
    parent, managed = {}, []
    if build.is_springs and boms:
        group, _, artifact = boms[0][0].partition(":")
        parent = {"groupId": group, "artifactId": artifact, "version": boms[0][1],
                  "relativePath": ""}  # fmt: skip
        boms = boms[1:]
    for name, version in constrained(build):
        managed.append(_dependency(name, version))
    for name, version, _, _ in boms:
        managed.append(_dependency(name, version, type="pom", scope="import"))
    needed = [
        _dependency(one.name, one.version, one.line, scope="test" if one.dev else "")
        for one in asked(build)
    ]
    properties = {h.name: h.value for s in reversed(build.sources) for h in s.script.properties}
    own = {"groupId": "build", "artifactId": "build", "version": "0", "packaging": "pom"}
    return Pom(own, parent, properties, tuple(needed), tuple(managed), (), ())


def constrained(build: Build) -> Iterator[tuple[str, str]]:
    """Yield what is held to a version wherever it comes from."""
    for source in build.sources:
        for one in source.script.modules:
            if is_constraint(one) and (version := build.version(one)):
                yield one.name, version


def is_constraint(module: Module) -> bool:
    """Tell whether a module is not asked for, but its version is."""
    words = {"constraints", "resolutionStrategy"}
    return bool(words & set(module.blocks)) or (
        module.verb == "dependency" and "dependencyManagement" in module.blocks
    )


def is_for_development(verb: str) -> bool:
    """Tell whether a configuration is for tests or the build alone."""
    return _DEV.match(verb) is not None


def _dependency(name: str, version: str, line: int = 0, **more: str) -> Dependency:
    group, _, artifact = name.partition(":")
    fields = {"groupId": group, "artifactId": artifact, "version": version, **more}
    return Dependency({key: text for key, text in fields.items() if text}, (), line)


def _read(path: str, text: str) -> Script:
    if basename(path) != "gradle.properties":
        return read_script(text)
    held = (Held(f[1], f[2], *f.span(2)) for f in _PROPERTY.finditer(text))
    return Script((), (), tuple(held), (), ())


def _applied(name: str, by: str, root: str) -> str:
    """Return the path of a script that another applies."""
    inner = re.sub(r"\A\$\{?(?:rootProject\.projectDir|rootDir|rootProject\.rootDir)\}?/", "", name)
    if inner != name:
        return normpath(join(root, inner))
    plain = re.sub(r"\A\$\{?(?:project\.)?projectDir\}?/", "", name)
    return normpath(join(dirname(by), plain)) if "$" not in plain and ":" not in plain else ".."
