"""Change Gradle's scripts, catalogs and properties: versions, and what is managed.

What a platform, a BOM or Spring Boot's plugin manages first follows a newer patch of that one; then
the property by which Spring's plugin manages it is set; a constraint is the last resort. Whether
all goes together is asked of Maven, by a POM that asks for the same, for Gradle runs the build's
own code and need not be here; a lock is made anew by Gradle.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.codecs.gradle_build import (
    SCRIPTS,
    SETTINGS,
    Build,
    Source,
    is_constraint,
    read_build,
)
from pratique.codecs.gradle_catalog import Catalog
from pratique.codecs.gradle_edit import ScriptText
from pratique.codecs.gradle_locks import locked, script_folder
from pratique.codecs.gradle_pom import left_out, pom_text
from pratique.codecs.gradle_script import Module
from pratique.codecs.gradle_statements import statements
from pratique.errors import MalformedError
from pratique.maven_repository import chain, managing_property, newest_patch, versions
from pratique.model.remedy import Bump, Project, Remedy

_TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.7.0:tree"
_POM = ".resolved.pom"
_MARKER = ".gradle.plugin"
_LOCKING = (4, 8)
_FOLDER = re.compile(r"\w[\w-]*(?:/\w[\w-]*)*")
_MOST_CHECKED = 20
_CHECKSUMS = "gradle/verification-metadata.xml"


def _versions(project: Project, path: str, name: str) -> Sequence[str]:
    return versions(project, path, name)


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    is_lock = path.endswith(".lockfile")
    scripts = _scripts(project, path)
    script = scripts[0]
    _refuse_checksums(project, script)
    remakes = is_lock and _gradle(project) >= _LOCKING
    loose = [bump for bump in bumps if not _direct(project, script, bump)]
    if loose and (remakes or not is_lock) and not all(bump.attempt for bump in loose):
        _raise_platforms(project, read_build(project.text, script))
    for bump in loose:
        if bump.attempt:
            _manage(project, read_build(project.text, script), bump)
    if is_lock:
        done = [bump for bump in bumps if bump not in loose or bump.attempt]
        yield from _relocked(project, path, script, done, remakes=remakes)
    for one in scripts[:_MOST_CHECKED]:
        yield from _resolved(project, one)


def _scripts(project: Project, path: str) -> list[str]:
    """Return the build script that a file belongs to; of a catalog, those of the whole build."""
    if posixpath.basename(path) in SCRIPTS:
        return [path]
    folder = script_folder(path)
    folders = [folder]
    for name in SETTINGS if path.endswith(".toml") else ():
        settings = project.text(posixpath.join(folder, name)) or ""
        for one in statements(settings):
            if one.verb == "include":
                inner = (string.value.strip(":").replace(":", "/") for string in one.strings)
                folders += [posixpath.join(folder, i) for i in inner if _FOLDER.fullmatch(i)]
    places = (posixpath.join(one, name) for one in folders for name in SCRIPTS)
    if found := [place for place in places if project.text(place) is not None]:
        return found
    raise MalformedError("there is no build.gradle or build.gradle.kts for it", path)


def _direct(project: Project, script: str, bump: Bump) -> bool:
    """Change versions that are written down; tell whether there are any."""
    found = False
    for _ in range(2 * len(bump.installed) + 8):  # places are void after each
        build = read_build(project.text, script)
        due = next((one for one in _named(build, bump) if _is_due(build, one[1], bump)), None)
        if due is None:
            break
        _put(project, build, *due, bump.to)
        found = True
    return found


def _named(build: Build, bump: Bump) -> Iterator[tuple[Source, Module]]:
    plugin = bump.name.partition(":")[0] if bump.name.endswith(_MARKER) else ""
    for source in build.sources:
        for one in source.script.modules:
            if one.name == bump.name:
                yield source, one
    if bump.analyzer == "gradle-build":  # what the catalog says is told of there
        return
    if isinstance(build.catalog, Catalog) and build.catalog_source:
        for one in (*build.catalog.libraries.values(), *build.catalog.plugins.values()):
            if one.name in (bump.name, plugin):
                yield build.catalog_source, one


def _is_due(build: Build, module: Module, bump: Bump) -> bool:
    version = build.version(module)
    if version == bump.to:
        return False
    if module.reference and not version:
        raise MalformedError(
            f"{bump.name} has the version {module.reference}, which nothing here sets"
        )
    if module.version and not version:
        raise MalformedError(f"{bump.name} is asked for as {module.version}")
    is_locked = bump.path.endswith(".lockfile")
    return bool(version) and (version in bump.installed or is_locked or is_constraint(module))


def _put(project: Project, build: Build, source: Source, module: Module, to: str) -> None:
    """Write a version where it is decided."""
    start, end = module.start, module.end
    if module.reference and module.verb not in ("libraries", "plugins"):
        found = build.holder(module.reference)
        if found is None:
            raise MalformedError(f"{module.name}: nothing here sets {module.reference}")
        source, start, end = found[0], found[1].start, found[1].end
    if start == end:
        raise MalformedError(f"{module.name}: its version is written in a way that is not known")
    project.write(source.path, source.text[:start] + to + source.text[end:])


def _raise_platforms(project: Project, build: Build) -> None:
    """Take what manages versions to the newest patches of their series."""
    for name, version, _, _ in build.boms():
        now = read_build(project.text, build.own.path)
        same = [one for one in now.boms() if one[:2] == (name, version)]
        group, _, artifact = name.partition(":")
        if same and (to := newest_patch(project, group, artifact, version)):
            _put(project, now, same[0][2], same[0][3], to)


def _manage(project: Project, build: Build, bump: Bump) -> None:
    """Set the property that decides a version, or else hold the module."""
    text = ScriptText(build.own.text, kotlin=build.own.path.endswith(".kts"))
    name = _property(project, build, bump) if build.is_springs else ""
    if held := build.holder(name):
        source, place = held
        changed = source.text[: place.start] + bump.to + source.text[place.end :]
        project.write(source.path, changed)
        return
    if name:
        text.set_property(name, bump.to)
    elif build.is_springs:
        text.manage(f"{bump.name}:{bump.to}")
    else:
        text.hold(f"{bump.name}:{bump.to}")
    project.write(build.own.path, text.text)


def _property(project: Project, build: Build, bump: Bump) -> str:
    """Return the property of a BOM that Spring's plugin lets a build set."""

    def own(name: str) -> str:
        found = build.holder(name)
        return found[1].value if found else ""

    for name, version, _, _ in build.boms():
        group, _, artifact = name.partition(":")
        if found := managing_property(bump, chain(project, group, artifact, version), own):
            return found
    return ""


def _refuse_checksums(project: Project, script: str) -> None:
    """Leave a build alone whose artifacts are verified: what is new has no checksum there."""
    folder = posixpath.dirname(script)
    while True:
        path = posixpath.join(folder, _CHECKSUMS)
        if project.text(path) is not None:
            raise MalformedError(
                f"{path} has the checksums of what the build may use, and none of other "
                "versions; change the version, then: gradle --write-verification-metadata sha256"
            )
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _gradle(project: Project) -> tuple[int, int]:
    """Return the version of the Gradle that is here; zeros where there is none."""
    if not (gradle := project.tool("gradle")):
        return 0, 0
    found = re.search(r"(?m)^Gradle (\d+)\.(\d+)", project.run([gradle, "--version"]))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _relocked(
    project: Project, path: str, script: str, bumps: Sequence[Bump], *, remakes: bool
) -> Iterator[str]:
    """Make the lock anew, or else set the versions in it."""
    if remakes:
        words = [project.tool("gradle"), "--no-daemon", "--quiet", "dependencies", "--write-locks"]
        project.run(words, posixpath.dirname(script))
        return
    project.write(path, locked(project.text(path) or "", bumps))
    yield ("versions were set in the lock, what they need was not: there is no Gradle from 4.8 on "
           "here. Make it anew: gradle dependencies --write-locks")  # fmt: skip


def _resolved(project: Project, script: str) -> Iterator[str]:
    """Have Maven resolve the same; it fetches the POMs that a scan then reads, too."""
    build = read_build(project.text, script)
    if missing := left_out(build):
        yield f"not checked, for their versions are computed: {', '.join(missing)}"
    if not (maven := project.tool("mvn")):
        yield "not checked that the versions go together, nor what they need: mvn is not here"
        return
    folder = posixpath.dirname(script)
    project.write(posixpath.join(folder, _POM), pom_text(build))
    words = [maven, "--batch-mode", "--quiet", "--no-transfer-progress", "--file", _POM, _TREE]
    project.run(words, folder)


gradle = Remedy(
    "gradle", ("gradle", "gradle-build", "gradle-catalog"),
    ("*.gradle", "*.gradle.kts", "*.versions.toml", "gradle.properties", "*.lockfile"),
    _versions, _apply, attempts=2,
)  # fmt: skip
