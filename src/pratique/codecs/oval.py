"""OVAL definitions (https://oval.mitre.org/language/version5.11/) of distributions' packages.

A definition is a flaw or a bulletin; its criteria are a tree of tests of installed packages. Tests,
objects and states come after all definitions. What a test asks is also its comment, in words that
each publisher never varies; large documents are read by those, one definition at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO
from xml.etree.ElementTree import Element

from msgspec import Struct

from pratique.codecs import rpmbuilds, xmltree
from pratique.codecs.compression import inflate
from pratique.codecs.rpmbuilds import Build

_CHUNK = 1 << 18
_ROOT = {"oval_definitions"}
_INSTALLED = re.compile(r"(?:Oracle Linux|Photon OS) (\d\S*) is installed", re.ASCII)
_ARCH = re.compile(r"Oracle Linux arch is (\S+)")
_MODULE = re.compile(r"Module (\S+:\S+) is enabled")
_EARLIER = re.compile(r"(\S+) is earlier than (?!0(?: |$))(\S+)(?: .*)?")


class Criterion(Struct, frozen=True, gc=False):
    test: str
    """Its id."""
    comment: str


class Criteria(Struct, frozen=True):
    operator: str
    """AND, OR …"""
    criterions: tuple[Criterion, ...]
    criteria: tuple[Criteria, ...]


class Reference(Struct, frozen=True, gc=False):
    source: str
    id: str
    url: str


class Definition(Struct, frozen=True):
    id: str
    title: str
    description: str
    severity: str
    """The publisher's word."""
    references: tuple[Reference, ...]
    flaws: tuple[str, ...]
    """CVE ids."""
    vectors: tuple[str, ...]
    """CVSS vectors of the flaws."""
    issued: str
    """RFC 3339."""
    updated: str
    patchable: str
    """Azure Linux's: true, false, Not Applicable."""
    criteria: Criteria


class Test(Struct, frozen=True, gc=False):
    """What a test asks of a package."""

    name: str
    operation: str
    """less than, less than or equal, greater than, equals …"""
    version: str


def definitions(file: BinaryIO, where: str) -> Iterator[Definition]:
    """Yield the definitions one by one; raises MalformedError for what is no OVAL."""
    for node in xmltree.trees(_inflated(file, where), _ROOT, {"definition"}, where):
        yield _definition(node)


def with_tests(file: BinaryIO, where: str) -> tuple[list[Definition], dict[str, Test]]:
    """Return all definitions, and the tests of RPMs by their ids; holds the whole document."""
    names = {"definition", "rpminfo_test", "rpminfo_object", "rpminfo_state"}
    found: list[Definition] = []
    links: dict[str, tuple[str, str]] = {}
    objects: dict[str, str] = {}
    states: dict[str, tuple[str, str]] = {}
    for node in xmltree.trees(_inflated(file, where), _ROOT, names, where):
        if node.tag == "definition":
            found.append(_definition(node))
        elif node.tag == "rpminfo_test":
            links[node.get("id", "")] = (
                _attribute(node, "object", "object_ref"), _attribute(node, "state", "state_ref"),
            )  # fmt: skip
        elif node.tag == "rpminfo_object":
            objects[node.get("id", "")] = xmltree.text(node, "name")
        elif (evr := node.find("evr")) is not None:
            version = rpmbuilds.without_epoch_0((evr.text or "").strip())
            states[node.get("id", "")] = (evr.get("operation", ""), version)
    return found, {
        id: Test(objects[thing], *states[state])
        for id, (thing, state) in links.items() if thing in objects and state in states
    }  # fmt: skip


def builds(definition: Definition) -> dict[str, list[Build]]:
    """Return the builds that fix a bulletin's flaws by the release that they are for.

    By the comments of Oracle's and VMware's tests: `bash is earlier than 0:4.2-1.el7`, under
    `Oracle Linux 7 is installed`, `Oracle Linux arch is x86_64`, `Module nodejs:18 is enabled`.
    What is earlier than 0 is nothing.
    """
    found: dict[str, list[Build]] = {}
    _walk(definition.criteria, "", "", "", found)
    return found


def _walk(
    criteria: Criteria, release: str, arch: str, module: str, found: dict[str, list[Build]]
) -> None:
    if criteria.operator == "AND":  # what is asked beside others holds for them
        for criterion in criteria.criterions:
            if match := _INSTALLED.fullmatch(criterion.comment):
                release = match[1]
            elif match := _ARCH.fullmatch(criterion.comment):
                arch = match[1]
            elif match := _MODULE.fullmatch(criterion.comment):
                module = match[1]
    for criterion in criteria.criterions:
        if match := _EARLIER.fullmatch(criterion.comment):
            build = Build(match[1], rpmbuilds.without_epoch_0(match[2]), arch, module)
            found.setdefault(release, []).append(build)
    for inner in criteria.criteria:
        _walk(inner, release, arch, module, found)


def _inflated(file: BinaryIO, where: str) -> Iterator[bytes]:
    return inflate(iter(partial(file.read, _CHUNK), b""), where)


def _attribute(node: Element, path: str, name: str) -> str:
    found = node.find(path)
    return found.get(name, "") if found is not None else ""


def _definition(node: Element) -> Definition:
    flaws = node.findall("metadata/advisory/cve")
    references = tuple(
        Reference(r.get("source", ""), r.get("ref_id", ""), r.get("ref_url", ""))
        for r in node.iterfind("metadata/reference")
    )
    ids = [f.text.strip() for f in flaws if f.text] or [
        r.id for r in references if r.source == "CVE"
    ]
    criteria = node.find("criteria")
    issued = _attribute(node, "metadata/advisory/issued", "date")
    return Definition(
        node.get("id", ""), xmltree.text(node, "metadata/title"),
        xmltree.text(node, "metadata/description"),
        xmltree.text(node, "metadata/advisory/severity") or xmltree.text(node, "metadata/severity"),
        references, tuple(dict.fromkeys(id for id in ids if id.startswith("CVE-"))),
        tuple(_vectors(flaws)),
        xmltree.rfc3339(issued or xmltree.text(node, "metadata/advisory_date")),
        xmltree.rfc3339(_attribute(node, "metadata/advisory/updated", "date")),
        xmltree.text(node, "metadata/patchable"),
        Criteria("AND", (), ()) if criteria is None else _criteria(criteria),
    )  # fmt: skip


def _vectors(flaws: list[Element]) -> Iterator[str]:
    """Yield the vectors of CVSS 3 and 4, which Oracle writes `5.5/CVSS:3.1/AV:L/…`."""
    for flaw in flaws:
        for name in ("cvss4", "cvss3"):
            _, slash, vector = flaw.get(name, "").partition("/")
            if slash and vector.startswith("CVSS:"):
                yield vector


def _criteria(node: Element) -> Criteria:
    return Criteria(
        node.get("operator", "AND"),
        tuple(
            Criterion(c.get("test_ref", ""), c.get("comment", ""))
            for c in node.iterfind("criterion")
        ),
        tuple(_criteria(inner) for inner in node.iterfind("criteria")),
    )
