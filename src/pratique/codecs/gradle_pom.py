"""Write a POM that asks for what a Gradle build asks for, so that Maven can resolve it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from pratique.codecs.gradle_build import Build, as_pom, is_constraint
from pratique.codecs.maven_pom import Dependency

_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_MODULE = re.compile(r"[\w.-]+:[\w.-]+")


def left_out(build: Build) -> list[str]:
    """Return the modules whose versions nothing that is written down tells."""
    return [
        one.name
        for one in build.own.script.modules
        if (one.version or one.reference) and not build.version(one) and not is_constraint(one)
    ]


def pom_text(build: Build) -> str:
    """Return the POM (maven.apache.org/pom.html)."""
    pom = as_pom(build)
    unknown = set(left_out(build))
    manages = bool(build.boms())
    needed = [
        one
        for one in pom.dependencies
        if one.name not in unknown and (one.fields.get("version") or manages)
    ]
    return "\n".join((
        '<project xmlns="http://maven.apache.org/POM/4.0.0">',
        "<modelVersion>4.0.0</modelVersion>",
        *_element("parent", pom.parent),
        *_fields(pom.own),
        *_element("properties", {k: v for k, v in pom.properties.items() if _NAME.fullmatch(k)}),
        "<dependencyManagement>", *_dependencies(pom.managed), "</dependencyManagement>",
        *_dependencies(needed),
        "</project>\n",
    ))  # fmt: skip


def _dependencies(found: Iterable[Dependency]) -> Iterator[str]:
    yield "<dependencies>"
    for one in found:
        if _MODULE.fullmatch(one.name):
            yield from _element("dependency", one.fields)
    yield "</dependencies>"


def _element(name: str, fields: Mapping[str, str]) -> Iterator[str]:
    if fields:
        yield f"<{name}>"
        yield from _fields(fields)
        yield f"</{name}>"


def _fields(fields: Mapping[str, str]) -> Iterator[str]:
    for name, value in fields.items():
        yield f"<{name}>{escape(value)}</{name}>"
