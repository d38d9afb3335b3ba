"""Change pom.xml: versions, the properties that hold them, parents, what is managed.

What a parent or an imported BOM manages first follows a newer patch of that one; then the property
by which it manages the version is set; an entry of one's own is the last resort. Maven itself says
whether all of it resolves.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pratique.codecs.maven_pom import Pom, read_pom
from pratique.codecs.pom_edit import Place, PomText
from pratique.errors import MalformedError, PratiqueError, Unavailable
from pratique.model.remedy import Bump, Project, Remedy

_CENTRAL = "https://repo1.maven.org/maven2"
_RELEASE = re.compile(r"<version>\s*(\d[\w.-]*)\s*</version>")
_SERIES = re.compile(r"(\d+\.\d+)\.(\d+)(?:[.-](?:RELEASE|Final|GA))?")
_TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.7.0:tree"
_DEEPEST = 8


def _versions(project: Project, _path: str, name: str) -> Sequence[str]:
    """Return what the repository's metadata lists (maven.apache.org/ref/current/metadata)."""
    if project.is_offline:
        raise Unavailable("offline: no repository is asked")
    group, _, artifact = name.partition(":")
    url = f"{_repository()}/{group.replace('.', '/')}/{artifact}/maven-metadata.xml"
    return _RELEASE.findall(project.fetch(url, "text/xml").decode("utf-8", "replace"))


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    text = project.text(path)
    if text is None:
        raise MalformedError("is not there", path)
    pom = PomText(text)
    loose = [bump for bump in bumps if not _direct(project, path, pom, bump)]
    if loose and not all(bump.attempt for bump in loose):
        _raise_parents(project, pom)
    managed = [bump for bump in loose if bump.attempt]
    chain = _chain(project, pom) if managed else []
    for bump in managed:
        _managed(pom, bump, chain)
    if pom.text != text:
        project.write(path, pom.text)
    yield from _resolved(project, path)


def _direct(project: Project, path: str, pom: PomText, bump: Bump) -> bool:
    """Change versions that are written down; tell whether there are any."""
    group, _, artifact = bump.name.partition(":")
    places = pom.versions(group, artifact)
    properties = {place.reference for place in places if place.reference}
    for name in properties:
        _set_property(project, path, pom, name, bump)
    pom.put_all(
        lambda: [one for one in pom.versions(group, artifact) if not one.reference], bump.to
    )
    return bool(places)


def _set_property(project: Project, path: str, pom: PomText, name: str, bump: Bump) -> None:
    """Set a property where it is defined: here, or in a parent that is in the project."""
    if place := pom.property(name):
        pom.put(place, bump.to)
        return
    for _ in range(_DEEPEST):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), "..", "pom.xml"))
        text = None if path.startswith("..") else project.text(path)
        if text is None:
            break
        above = PomText(text)
        if place := above.property(name):
            above.put(place, bump.to)
            project.write(path, above.text)
            return
    raise MalformedError(f"{bump.name} has the version ${{{name}}}, which nothing here sets")


def _raise_parents(project: Project, pom: PomText) -> None:
    """Take the parent, and the BOMs that are imported, to the newest patches of their series."""
    if (parent := pom.parent()) and (to := _newest(project, *parent)):
        pom.put(parent[2], to)
    for group, artifact, place in reversed(pom.imports()):
        own = pom.property(place.reference) if place.reference else place
        if own and (to := _newest(project, group, artifact, own)):
            pom.put(own, to)


def _newest(project: Project, group: str, artifact: str, place: Place) -> str:
    series = _SERIES.fullmatch(place.text)
    if not series:
        return ""
    with suppress(PratiqueError):
        there = _versions(project, "", f"{group}:{artifact}")
        found = [m for version in there if (m := _SERIES.fullmatch(version)) and m[1] == series[1]]
        best = max(found, key=lambda match: int(match[2]), default=None)
        return best[0] if best and int(best[2]) > int(series[2]) else ""
    return ""


def _managed(pom: PomText, bump: Bump, chain: Sequence[Pom]) -> None:
    """Set the property that decides a version, or else an entry of one's own."""
    group, _, artifact = bump.name.partition(":")
    if name := _property(bump, group, chain):
        pom.add_property(name, bump.to)
    else:
        pom.manage(group, artifact, bump.to)


def _property(bump: Bump, group: str, chain: Sequence[Pom]) -> str:
    """Return the property by which a parent manages a package, or the BOM that it comes from."""
    values = {name: value for pom in reversed(chain) for name, value in pom.properties.items()}
    for pom in chain:
        for one in pom.managed:
            name = one.fields.get("version", "")[2:-1]
            if values.get(name) not in bump.installed:
                continue
            of_bom = one.fields.get("scope") == "import" and f"{group}.".startswith(
                f"{one.fields.get('groupId', '')}."
            )
            if one.name == bump.name or of_bom:
                return name
    return ""


def _chain(project: Project, pom: PomText) -> list[Pom]:
    """Return the parents that are in the repository, the nearest first."""
    found: list[Pom] = []
    parent = pom.parent()
    coordinates = (parent[0], parent[1], parent[2].text) if parent else ("", "", "")
    while all(coordinates) and len(found) < _DEEPEST and not project.is_offline:
        group, artifact, version = coordinates
        url = (f"{_repository()}/{group.replace('.', '/')}/{artifact}/{version}/"
               f"{artifact}-{version}.pom")  # fmt: skip
        try:
            found.append(read_pom(project.fetch(url, "text/xml"), url))
        except PratiqueError:
            break
        above = found[-1].parent
        coordinates = (above.get("groupId", ""), above.get("artifactId", ""),
                       above.get("version", ""))  # fmt: skip
    return found


def _resolved(project: Project, path: str) -> Iterator[str]:
    """Have Maven resolve the whole; it reads the POMs that a scan then finds, too."""
    if not (maven := project.tool("mvn")):
        yield "not checked that the versions go together, nor what they need: mvn is not here"
        return
    folder = posixpath.dirname(path)
    while folder and project.text(posixpath.join(posixpath.dirname(folder), "pom.xml")):
        folder = posixpath.dirname(folder)
    project.run([maven, "--batch-mode", "--quiet", "--no-transfer-progress", _TREE], folder)


def _repository() -> str:
    """Return the repository: a mirror of everything, or of the central one, if one is set up."""
    with suppress(OSError), open(os.path.expanduser("~/.m2/settings.xml"), encoding="utf-8") as f:
        for mirror in re.findall(r"<mirror>(.*?)</mirror>", f.read(), re.DOTALL):
            of = re.search(r"<mirrorOf>\s*(\*|central|external:\*)\s*</mirrorOf>", mirror)
            url = re.search(r"<url>\s*(https?://[^<\s]+)\s*</url>", mirror)
            if of and url:
                return url[1].rstrip("/")
    return _CENTRAL


maven = Remedy("maven", ("pom",), ("pom.xml",), _versions, _apply, attempts=2)
