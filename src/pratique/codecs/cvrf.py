"""CVRF 1.1 bulletins (https://www.icasi.org/cvrf/) as SUSE writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from msgspec import Struct

from pratique.codecs import rpmbuilds, xmltree
from pratique.codecs.rpmbuilds import Build
from pratique.errors import MalformedError

_NAMED = re.compile(r"(.+)-([^-]+)-([^-]+?)(?:\.(x86_64|aarch64|ppc64le|s390x|i586|i686|noarch))?")


class Bulletin(Struct, frozen=True):
    id: str
    title: str
    description: str
    issued: str
    updated: str
    """RFC 3339."""
    references: tuple[str, ...]
    flaws: tuple[str, ...]
    """CVE ids."""
    severities: tuple[str, ...]
    """The publisher's words for the flaws, in no order."""
    builds: dict[str, tuple[Build, ...]]
    """By the product that they are for, as it is called."""
    strange: tuple[str, ...]
    """Ids that name no build of a product."""


def read(chunks: Iterable[bytes], where: str) -> Bulletin:
    """Return a bulletin; raise MalformedError where it is none."""
    names = {"DocumentTitle", "DocumentTracking", "DocumentNotes", "DocumentReferences",
             "Relationship", "Vulnerability"}  # fmt: skip
    parts: dict[str, list[Element]] = {name: [] for name in names}
    pairs: dict[str, tuple[str, str]] = {}
    for node in xmltree.trees(chunks, {"cvrfdoc"}, names, where):
        if node.tag == "Relationship":
            full = node.find("FullProductName")
            id = "" if full is None else full.get("ProductID", "")
            pairs[id] = (
                node.get("RelatesToProductReference", ""), node.get("ProductReference", ""),
            )  # fmt: skip
        else:
            parts[node.tag].append(node)
    tracking = next(iter(parts["DocumentTracking"]), Element("none"))
    id = xmltree.text(tracking, "Identification/ID")
    if not id:
        raise MalformedError("a bulletin without an id", where)
    flaws = parts["Vulnerability"]
    builds, strange = _builds(flaws, pairs)
    return Bulletin(
        id, next(((n.text or "").strip() for n in parts["DocumentTitle"]), ""),
        _description(parts["DocumentNotes"]),
        xmltree.rfc3339(xmltree.text(tracking, "InitialReleaseDate")),
        xmltree.rfc3339(xmltree.text(tracking, "CurrentReleaseDate")),
        tuple(dict.fromkeys(_urls((*parts["DocumentReferences"], *flaws)))),
        tuple(dict.fromkeys(cve for flaw in flaws if (cve := xmltree.text(flaw, "CVE")))),
        tuple(xmltree.text(flaw, "Threats/Threat/Description") for flaw in flaws),
        {product: tuple(dict.fromkeys(found)) for product, found in builds.items()}, strange,
    )  # fmt: skip


def _description(notes: list[Element]) -> str:
    return next(
        ((note.text or "").strip() for node in notes for note in node.iterfind("Note")
         if note.get("Title") == "Details"), "",
    )  # fmt: skip


def _urls(nodes: Iterable[Element]) -> Iterator[str]:
    for node in nodes:
        for url in node.iter("URL"):
            if url.text:
                yield url.text.strip()


def _builds(
    flaws: list[Element], pairs: dict[str, tuple[str, str]]
) -> tuple[dict[str, list[Build]], tuple[str, ...]]:
    """Return the builds that are said to fix any flaw, and the ids that are none."""
    found: dict[str, list[Build]] = {}
    strange = []
    ids = dict.fromkeys(
        (node.text or "").strip()
        for flaw in flaws for status in flaw.iterfind("ProductStatuses/Status")
        if status.get("Type") == "Fixed" for node in status.iterfind("ProductID")
    )  # fmt: skip
    for id in ids:
        product, reference = pairs.get(id) or id.partition(":")[::2]
        named = _NAMED.fullmatch(reference)
        if product and named:
            version = rpmbuilds.evr("", named[2], named[3])
            found.setdefault(product, []).append(Build(named[1], version, named[4] or ""))
        else:
            strange.append(id)
    return found, tuple(strange)
