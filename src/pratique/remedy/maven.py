"""Change pom.xml: versions, the properties that hold them, parents, what is managed.

What a parent or an imported BOM manages first follows a newer patch of that one; then the property
by which it manages the version is set; an entry of one's own is the last resort. Maven itself says
whether all of it resolves.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from pratique.codecs.maven_pom import Pom
from pratique.codecs.pom_edit import Place, PomText
from pratique.errors import MalformedError
from pratique.maven_repository import chain, managing_property, newest_patch, versions
from pratique.model.remedy import Bump, Project, Remedy

_TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.7.0:tree"
_DEEPEST = 8


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    text = project.text(path)
    if text is None:
        raise MalformedError("is not there", path)
    pom = PomText(text)
    loose = [bump for bump in bumps if not _direct(project, path, pom, bump)]
    if loose and not all(bump.attempt for bump in loose):
        _raise_parents(project, pom)
    managed = [bump for bump in loose if bump.attempt]
    parent = pom.parent() if managed else None
    poms = chain(project, parent[0], parent[1], parent[2].text) if parent else []
    for bump in managed:
        _managed(pom, bump, poms)
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
    return newest_patch(project, group, artifact, place.text)


def _managed(pom: PomText, bump: Bump, poms: Sequence[Pom]) -> None:
    """Set the property that decides a version, or else an entry of one's own."""
    group, _, artifact = bump.name.partition(":")

    def own(name: str) -> str:
        place = pom.property(name)
        return place.text if place else ""

    if name := managing_property(bump, poms, own):
        pom.add_property(name, bump.to)
    else:
        pom.manage(group, artifact, bump.to)


def _resolved(project: Project, path: str) -> Iterator[str]:
    """Have Maven resolve the whole; it reads the POMs that a scan then finds, too."""
    if not (maven := project.tool("mvn")):
        yield "not checked that the versions go together, nor what they need: mvn is not here"
        return
    folder = posixpath.dirname(path)
    while folder and project.text(posixpath.join(posixpath.dirname(folder), "pom.xml")):
        folder = posixpath.dirname(folder)
    project.run([maven, "--batch-mode", "--quiet", "--no-transfer-progress", _TREE], folder)


maven = Remedy("maven", ("pom",), ("pom.xml",), versions, _apply, attempts=2)
