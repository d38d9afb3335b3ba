"""Ask a Maven repository what there is: versions, POMs with their parents."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

from pratique.codecs.maven_pom import Pom, read_pom
from pratique.errors import PratiqueError
from pratique.model.remedy import Bump, Project

_CENTRAL = "https://repo1.maven.org/maven2"
RELEASE = re.compile(r"<version>\s*(\d[\w.-]*)\s*</version>")
_SERIES = re.compile(r"(\d+\.\d+)\.(\d+)(?:[.-](?:RELEASE|Final|GA))?")
_DEEPEST = 8


def versions(project: Project, _path: str, name: str) -> Sequence[str]:
    """Return what the repository's metadata lists (maven.apache.org/ref/current/metadata)."""
    group, _, artifact = name.partition(":")
    url = f"{repository()}/{group.replace('.', '/')}/{artifact}/maven-metadata.xml"
    return RELEASE.findall(project.fetch(url, "text/xml").decode("utf-8", "replace"))


def newest_patch(project: Project, group: str, artifact: str, version: str) -> str:
    """Return the newest version of the same series; empty where there is none that is newer."""
    series = _SERIES.fullmatch(version)
    if not series:
        return ""
    with suppress(PratiqueError):
        there = versions(project, "", f"{group}:{artifact}")
        found = [m for one in there if (m := _SERIES.fullmatch(one)) and m[1] == series[1]]
        best = max(found, key=lambda match: int(match[2]), default=None)
        return best[0] if best and int(best[2]) > int(series[2]) else ""
    return ""


def chain(project: Project, group: str, artifact: str, version: str) -> list[Pom]:
    """Return a POM of the repository and its parents, the nearest first, as far as there are."""
    found: list[Pom] = []
    coordinates = (group, artifact, version)
    while all(coordinates) and len(found) < _DEEPEST and not project.is_offline:
        group, artifact, version = coordinates
        url = (f"{repository()}/{group.replace('.', '/')}/{artifact}/{version}/"
               f"{artifact}-{version}.pom")  # fmt: skip
        try:
            found.append(read_pom(project.fetch(url, "text/xml"), url))
        except PratiqueError:
            break
        above = found[-1].parent
        coordinates = (above.get("groupId", ""), above.get("artifactId", ""),
                       above.get("version", ""))  # fmt: skip
    return found


def managing_property(bump: Bump, poms: Sequence[Pom], own: Callable[[str], str]) -> str:
    """Return the property by which a POM manages a package, or the BOM that it comes from; `own`
    gives what the project itself sets it to, maybe just now for another package.
    """
    group = bump.name.partition(":")[0]
    values = {name: value for pom in reversed(poms) for name, value in pom.properties.items()}
    for pom in poms:
        for one in pom.managed:
            name = one.fields.get("version", "")[2:-1]
            if (own(name) or values.get(name)) not in (*bump.installed, bump.to):
                continue
            of_bom = one.fields.get("scope") == "import" and f"{group}.".startswith(
                f"{one.fields.get('groupId', '')}."
            )
            if one.name == bump.name or of_bom:
                return name
    return ""


def repository() -> str:
    """Return the repository: a mirror of everything, or of the central one, if one is set up."""
    with suppress(OSError), open(os.path.expanduser("~/.m2/settings.xml"), encoding="utf-8") as f:
        for mirror in re.findall(r"<mirror>(.*?)</mirror>", f.read(), re.DOTALL):
            of = re.search(r"<mirrorOf>\s*(\*|central|external:\*)\s*</mirrorOf>", mirror)
            url = re.search(r"<url>\s*(https?://[^<\s]+)\s*</url>", mirror)
            if of and url:
                return url[1].rstrip("/")
    return _CENTRAL
