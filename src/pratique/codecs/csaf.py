"""CSAF 2.0 documents (https://docs.oasis-open.org/csaf/csaf/v2.0/) of RPM distributions.

A document is about some flaws; it names products (a repository, a release), components (RPMs) and,
by relationships, components of products, which the flaws' statuses then list. VEX and advisories
are profiles of one format. Container images and what else is no RPM is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import unquote

from msgspec import DecodeError, Struct, ValidationError, field, json

from pratique.codecs import cvss, rpmbuilds, tarball
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Rating, Status

DOCUMENT_LIMIT = 512 << 20
_CHAIN = 4  # an RPM of a module of a product is two relationships


class _Helper(Struct, gc=False):
    cpe: str = ""
    purl: str = ""


class _Product(Struct):
    product_id: str
    name: str = ""
    product_identification_helper: _Helper | None = None


class _Branch(Struct):
    product: _Product | None = None
    branches: list[_Branch] = []


class _Relationship(Struct):
    product_reference: str
    relates_to_product_reference: str
    full_product_name: _Product


class _Tree(Struct):
    branches: list[_Branch] = []
    relationships: list[_Relationship] = []
    full_product_names: list[_Product] = []


class _Tracking(Struct):
    id: str = ""
    initial_release_date: str = ""
    current_release_date: str = ""


class _Words(Struct):
    text: str = ""


class Note(Struct):
    category: str = ""
    text: str = ""
    title: str = ""


class Reference(Struct):
    url: str = ""
    category: str = ""


class Header(Struct):
    title: str = ""
    tracking: _Tracking = field(default_factory=_Tracking)
    aggregate_severity: _Words | None = None
    references: list[Reference] = []


class Cwe(Struct):
    id: str = ""


class Remediation(Struct):
    category: str = ""
    details: str = ""
    url: str = ""
    product_ids: list[str] = []


class Threat(Struct):
    category: str = ""
    details: str = ""
    product_ids: list[str] = []


class _Vector(Struct, rename="camel"):
    vector_string: str = ""


class Score(Struct):
    products: list[str] = []
    cvss_v2: _Vector | None = None
    cvss_v3: _Vector | None = None
    cvss_v4: _Vector | None = None


class Statuses(Struct):
    """Ids of products, by what is known of them."""

    first_fixed: list[str] = []
    fixed: list[str] = []
    recommended: list[str] = []
    known_affected: list[str] = []
    known_not_affected: list[str] = []
    under_investigation: list[str] = []


class Vulnerability(Struct):
    cve: str = ""
    title: str = ""
    cwe: Cwe | None = None
    notes: list[Note] = []
    references: list[Reference] = []
    release_date: str = ""
    product_status: Statuses = field(default_factory=Statuses)
    remediations: list[Remediation] = []
    threats: list[Threat] = []
    scores: list[Score] = []


class Document(Struct):
    document: Header
    product_tree: _Tree = field(default_factory=_Tree)
    vulnerabilities: list[Vulnerability] = []


class Component(Struct, frozen=True, gc=False):
    """An RPM of a product."""

    product: str
    """The id of the product: a repository, a release."""
    name: str
    version: str = ""
    """`epoch:version-release`, the epoch left out where it is 0; empty where any is meant."""
    arch: str = ""
    module: str = ""
    is_source: bool = False
    """Whether it names a source package, and so all that is built from it."""
    reference: str = ""
    """The id of the RPM by itself."""
    source: str = ""
    """The source package that a purl says it is built from."""


_DECODER = json.Decoder(Document)
_PURL = re.compile(r"pkg:(rpm|rpmmod)/([^@?]+)(?:@([^?]*))?(?:\?(.*))?")
_NAMED = re.compile(r"(.+)-(?:(\d+):)?([^-:]+-[^-:]+)\.([a-z0-9_]+)")
_STREAM = re.compile(r"::([^:/]+:[^:/]+)$")
_WITHIN = re.compile(r"([^:/]+:[^:/]+)/([^:/]+)")
_RPM_NAME = re.compile(r"[A-Za-z0-9_.+-]+", re.ASCII)


def decode(data: bytes, where: str) -> Document:
    """Return a document; raise MalformedError where it is none."""
    try:
        return _DECODER.decode(data)
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no CSAF document: {error}", where) from error


def documents(file: BinaryIO, where: str) -> Iterator[tuple[str, Document | MalformedError]]:
    """Yield the documents of a tar, however it is compressed, or the one that a file is.

    Each comes with its name. In a tar, one that cannot be read is its error, and the others
    follow; a file that is one document raises it.
    """
    if ".tar" not in where.rpartition("/")[2]:
        data = file.read(DOCUMENT_LIMIT + 1)
        if len(data) > DOCUMENT_LIMIT:
            raise LimitExceeded(f"{where}: more than {DOCUMENT_LIMIT} bytes")
        yield where, decode(data, where)
        return
    for name, size, content in tarball.files(file, ".json", where):
        yield name, _in_archive(content, size, f"{where}: {name}")


def _in_archive(content: Iterator[bytes], size: int, where: str) -> Document | MalformedError:
    if size > DOCUMENT_LIMIT:
        return MalformedError(f"{size} bytes", where)
    data = b"".join(content)
    try:
        return decode(data, where)
    except MalformedError as error:
        return error


class Products:
    """What the ids in a document's statuses stand for."""

    def __init__(self, tree: _Tree) -> None:
        self._helpers: dict[str, tuple[str, _Helper]] = {}
        branches = list(tree.branches)
        products = list(tree.full_product_names)
        while branches:
            branch = branches.pop()
            branches += branch.branches
            if branch.product:
                products.append(branch.product)
        for product in products:
            helper = product.product_identification_helper or _Helper()
            self._helpers[product.product_id] = (product.name, helper)
        self._relationships = {r.full_product_name.product_id: r for r in tree.relationships}

    def cpe(self, id: str) -> str:
        return self._helpers[id][1].cpe if id in self._helpers else ""

    def name(self, id: str) -> str:
        return self._helpers[id][0] if id in self._helpers else id

    def product(self, id: str) -> str:
        """Return the product at the end of a chain of relationships; empty for no component."""
        relationship = self._relationships.get(id)
        for _ in range(_CHAIN):
            if relationship is None:
                return ""
            target = relationship.relates_to_product_reference
            following = self._relationships.get(target)
            if following is None:
                return target
            relationship = following
        return ""

    def component(self, id: str) -> Component | None:
        """Return the RPM that an id of a status stands for; None where it is none of a product."""
        relationship = self._relationships.get(id)
        product = self.product(id)
        if relationship is None or not product:
            return None
        reference = relationship.product_reference
        _, helper = self._helpers.get(reference, ("", _Helper()))
        module = self._module(relationship)
        if not helper.purl:
            return _by_reference(product, reference, module)
        return _by_purl(product, reference, helper.purl, module)

    def _module(self, relationship: _Relationship) -> str:
        """Return the stream of the module that a relationship is to; empty where it is to none."""
        outer = self._relationships.get(relationship.relates_to_product_reference)
        _, helper = self._helpers.get(outer.product_reference if outer else "", ("", _Helper()))
        match = _PURL.match(helper.purl)
        if match is None or match[1] != "rpmmod":
            return ""
        name, stream = match[2].rpartition("/")[2], unquote(match[3] or "").partition(":")[0]
        return f"{name}:{stream}" if stream else ""


def _by_purl(product: str, reference: str, purl: str, module: str) -> Component | None:
    match = _PURL.fullmatch(purl)
    if match is None or match[2].endswith("/"):
        return None
    kind, path, version, query = match.groups()
    parts = [unquote(part) for part in path.split("/")]
    pairs = (pair.partition("=") for pair in (query or "").split("&"))
    qualifiers = {name: unquote(value) for name, _, value in pairs}
    if kind == "rpmmod":
        if len(parts) < 3:  # a module itself: its RPMs are listed as well
            return None
        module = parts[-2]
    module = module or ":".join(qualifiers.get("rpmmod", "").split(":")[:2])
    inner = _WITHIN.fullmatch(reference.partition("::")[0])
    stream = _STREAM.search(reference)
    module = module or (inner[1] if inner else stream[1] if stream else "")
    full = rpmbuilds.evr(qualifiers.get("epoch"), unquote(version or ""), "")
    is_source = qualifiers.get("arch") in ("src", "nosrc")
    return Component(
        product, parts[-1], full if version else "", qualifiers.get("arch", ""),
        module if ":" in module else "", is_source, reference,
        qualifiers.get("upstream", "").removesuffix(".src.rpm"),
    )  # fmt: skip


def _by_reference(product: str, reference: str, module: str) -> Component | None:
    """Return an RPM that only its id describes: `nodejs:18/nodejs`, `bash-0:5.1-1.el9.x86_64`."""
    if inner := _WITHIN.fullmatch(reference):
        return Component(product, inner[2], "", "", inner[1], is_source=True, reference=reference)
    if named := _NAMED.fullmatch(reference):
        version = rpmbuilds.evr(named[2], named[3], "")
        return Component(product, named[1], version, named[4], module, named[4] == "src", reference)
    if _RPM_NAME.fullmatch(reference):
        return Component(product, reference, "", "", module, is_source=True, reference=reference)
    return None


def impact(vulnerability: Vulnerability, ids: Iterable[str], header: Header) -> str:
    """Return the publisher's word of how severe the flaw is for some products.

    That which names one of them; else one that names none, else the document's.
    """
    words = {
        id: threat.details
        for threat in vulnerability.threats if threat.category == "impact"
        for id in threat.product_ids or ("",)
    }  # fmt: skip
    general = header.aggregate_severity.text if header.aggregate_severity else ""
    return next((words[id] for id in (*ids, "") if id in words), general)


def unfixed(vulnerability: Vulnerability) -> dict[str, Status]:
    """Map ids that are affected, or may be, to what is done about them.

    Red Hat says in words why nothing is planned: "Will not fix", "Out of support scope"; and where
    nothing is there yet: "Affected", "Fix deferred".
    """
    statuses: dict[str, Status] = dict.fromkeys(
        vulnerability.product_status.under_investigation, "under_investigation"
    )
    statuses |= dict.fromkeys(vulnerability.product_status.known_affected, "affected")
    for remedy in vulnerability.remediations:
        status = _REMEDIES.get((remedy.category, remedy.details.strip().lower()))
        if status is None and remedy.category == "no_fix_planned":
            status = "will_not_fix"
        if status:
            statuses |= dict.fromkeys(statuses.keys() & set(remedy.product_ids), status)
    return statuses


_REMEDIES: dict[tuple[str, str], Status] = {
    ("no_fix_planned", "out of support scope"): "end_of_life",
    ("none_available", "fix deferred"): "fix_deferred",
}


def ratings(
    source: str, vulnerability: Vulnerability, ids: Iterable[str], word: str
) -> tuple[Rating, ...]:
    """Return the ratings for some products: vectors with their scores, labelled by a severity."""
    wanted = set(ids)
    found = []
    for score in vulnerability.scores:
        if wanted.isdisjoint(score.products):
            continue
        for vector in (score.cvss_v4, score.cvss_v3, score.cvss_v2):
            if vector and (points := cvss.score(vector.vector_string)) is not None:
                label = cvss.severity(points, vector.vector_string) if word == "UNKNOWN" else word
                found.append(Rating(source, label, vector.vector_string, points))
    if not found and word != "UNKNOWN":
        return (Rating(source, word),)
    return tuple(dict.fromkeys(found))
