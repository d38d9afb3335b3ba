"""SPDX 3.0 as JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/): elements of one graph.

Properties are in the extension that SPDX has for those of CycloneDX.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, json

from pratique.codecs import jsontext
from pratique.codecs.sbom import Component, Document, Edge, Kind
from pratique.codecs.sbom.dialects import is_image
from pratique.codecs.sbom.identity import short, uuid
from pratique.codecs.sbom.licenses import others_in
from pratique.codecs.sbom.spdx import declared, fields, properties, source_info
from pratique.licenses.evaluate import conjuncts

_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_BY = "_:creation"
_PURPOSES: dict[Kind, str] = {
    "image": "container", "directory": "source", "system": "operatingSystem",
    "application": "application", "package": "library", "other": "other",
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "container": "image", "operatingSystem": "system", "application": "application",
    "source": "directory", "file": "directory", "other": "directory",
}  # fmt: skip
_HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
_EPOCH = "1970-01-01T00:00:00Z"
_NOTHING = ("", "NOASSERTION", "NONE")


def graph(document: Document) -> dict[str, Any]:
    """Return a document as SPDX 3.0's JSON-LD, its namespace made of its content."""
    others: dict[str, str] = {}
    draft = [*_elements(document, "", others)]
    space = f"https://spdx.org/spdxdocs/pratique-{uuid(json.encode([document.created, draft]))}#"
    elements = [*_elements(document, space, others)]
    roots = [_id(space, root) for root in document.roots]
    common = {"creationInfo": _BY, "name": document.name}
    sbom = {"type": "software_Sbom", "spdxId": f"{space}sbom", **common, "rootElement": roots,
            "element": [element["spdxId"] for element in elements],
            "software_sbomType": ["analyzed"]}  # fmt: skip
    head = {"type": "SpdxDocument", "spdxId": f"{space}document", **common,
            "rootElement": [sbom["spdxId"]], "element": [sbom["spdxId"], *sbom["element"]],
            "profileConformance": ["core", "software", "simpleLicensing", "extension"]}  # fmt: skip
    tool = {"type": "SoftwareAgent", "spdxId": f"{space}tool", "creationInfo": _BY,
            "name": document.tool}  # fmt: skip
    creation = {"type": "CreationInfo", "@id": _BY, "specVersion": "3.0.1",
                "created": document.created or _EPOCH, "createdBy": [tool["spdxId"]]}  # fmt: skip
    return {"@context": _CONTEXT, "@graph": [creation, tool, head, sbom, *elements]}


def _id(space: str, ref: str) -> str:
    return f"{space}{short(ref)}"


def _elements(document: Document, space: str, others: dict[str, str]) -> Iterator[dict[str, Any]]:
    suppliers: dict[str, str] = {}
    licenses: dict[str, str] = {}
    for component in document.components:
        yield _package(component, space, suppliers)
        if component.licenses:
            expression = declared(component.licenses, others)
            license_ = licenses.setdefault(expression, _id(space, f"license {expression}"))
            of = _id(space, component.ref)
            yield _relationship(space, of, "hasDeclaredLicense", [license_])
    for name, id in suppliers.items():
        yield {"type": "Organization", "spdxId": id, "creationInfo": _BY, "name": name}
    for expression, id in licenses.items():
        yield _license(expression, id, space, others)
    for id, text in sorted(others.items()):
        yield {"type": "simplelicensing_SimpleLicensingText", "spdxId": _id(space, id),
               "creationInfo": _BY, "name": text,
               "simplelicensing_licenseText": text}  # fmt: skip
    for edge in document.edges:
        what = "contains" if edge.what == "contains" else "dependsOn"
        to = [_id(space, ref) for ref in edge.to]
        yield _relationship(space, _id(space, edge.of), what, to)


def _license(expression: str, id: str, space: str, others: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "simplelicensing_LicenseExpression", "spdxId": id, "creationInfo": _BY,
        "simplelicensing_licenseExpression": expression,
    }  # fmt: skip
    named = [name for name in dict.fromkeys(others_in(expression)) if name in others]
    if named:
        found["simplelicensing_customIdToUri"] = [
            {"type": "DictionaryEntry", "key": name, "value": _id(space, name)} for name in named
        ]
    return found


def _relationship(space: str, of: str, what: str, to: list[str]) -> dict[str, Any]:
    id = _id(space, f"{of.removeprefix(space)} {what} {to[0].removeprefix(space)}")
    return {"type": "Relationship", "spdxId": id, "creationInfo": _BY, "from": of, "to": to,
            "relationshipType": what}  # fmt: skip


def _package(component: Component, space: str, suppliers: dict[str, str]) -> dict[str, Any]:
    supplier = component.supplier
    by = suppliers.setdefault(supplier, _id(space, f"by {supplier}")) if supplier else ""
    written = {
        "type": "software_Package",
        "spdxId": _id(space, component.ref),
        "creationInfo": _BY,
        "name": component.name,
        "software_packageVersion": component.version,
        "software_packageUrl": component.purl,
        "software_primaryPurpose": _PURPOSES[component.kind],
        "software_sourceInfo": source_info(component),
        "suppliedBy": by,
        "verifiedUsing": [_hash(digest) for digest in component.hashes],
        "externalIdentifier": [
            {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": text}
            for kind, text in (("packageUrl", component.purl), ("cpe23", component.cpe))
            if text
        ],
        "extension": [*_extension(component)],
    }
    return {key: found for key, found in written.items() if found}


def _hash(digest: str) -> dict[str, str]:
    algorithm, _, content = digest.partition(":")
    return {"type": "Hash", "algorithm": algorithm, "hashValue": content}


def _extension(component: Component) -> Iterator[dict[str, Any]]:
    entries = [
        {"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name,
         "extension_cdxPropValue": text}
        for name, text in properties(component)
    ]  # fmt: skip
    if entries:
        yield {"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}


class _Identifier(Struct):
    externalIdentifierType: str | None = None
    identifier: str | None = None


class _Hash(Struct):
    algorithm: str | None = None
    hashValue: str | None = None


class _Property(Struct):
    extension_cdxPropName: str | None = None
    extension_cdxPropValue: str | None = None


class _Extension(Struct):
    extension_cdxProperty: list[_Property] | None = None


class _Element(Struct, rename={"from_": "from", "id": "@id"}):
    """Any element: which members it has depends on its type."""

    type: str | None = None
    spdxId: str | None = None
    id: str | None = None
    name: str | None = None
    created: str | None = None
    software_packageVersion: str | None = None
    software_packageUrl: str | None = None
    software_primaryPurpose: str | None = None
    software_sourceInfo: str | None = None
    suppliedBy: str | list[str] | None = None
    verifiedUsing: list[_Hash] | None = None
    externalIdentifier: list[_Identifier] | None = None
    extension: list[_Extension] | None = None
    simplelicensing_licenseExpression: str | None = None
    simplelicensing_licenseText: str | None = None
    from_: str | None = None
    to: str | list[str] | None = None
    relationshipType: str | None = None
    rootElement: str | list[str] | None = None


class _Graph(Struct, rename={"graph": "@graph"}):
    graph: list[_Element] | None = None


_DECODER = json.Decoder(_Graph, strict=False)


def read(data: bytes, where: str) -> Document:
    """Read a document; raises MalformedError where it is none."""
    elements = jsontext.decode(data, _DECODER, where).graph or []
    by_id = {element.spdxId or element.id or "": element for element in elements}
    links = [e for e in elements if _is(e, "Relationship", "LifecycleScopedRelationship")]
    names = _named(by_id)
    licenses: dict[str, list[str]] = {}
    for link in links:
        if link.relationshipType == "hasDeclaredLicense":
            licenses.setdefault(link.from_ or "", []).extend(_texts(link.to, by_id, names))
    components: dict[str, Component] = {}
    for element in elements:
        if _is(element, "software_Package"):
            ref = element.spdxId or ""
            if not ref or ref in components:
                ref = f"{ref}#{len(components)}"
            components[ref] = _component(element, ref, by_id, licenses.get(ref, ()))
    created = next((e.created for e in elements if e.created), "") or ""
    name = next((e.name for e in elements if _is(e, "SpdxDocument") and e.name), "") or ""
    return Document(name, created, tuple(_roots(by_id, components)), tuple(components.values()),
                    tuple(_edges(links)))  # fmt: skip


def _is(element: _Element, *types: str) -> bool:
    return (element.type or "").rpartition("/")[2] in types


def _many(written: str | list[str] | None) -> list[str]:
    return [written] if isinstance(written, str) else written or []


def _named(by_id: Mapping[str, _Element]) -> dict[str, str]:
    """Return the names of the licences that a document describes itself."""
    return {
        id.rpartition("#")[2]: element.name or element.simplelicensing_licenseText or ""
        for id, element in by_id.items()
        if _is(element, "simplelicensing_SimpleLicensingText")
    }


def _texts(
    ids: str | list[str] | None, by_id: Mapping[str, _Element], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield the licences of an expression, custom ones by their names."""
    for id in _many(ids):
        element = by_id.get(id)
        expression = element.simplelicensing_licenseExpression if element else id.rpartition("/")[2]
        for part in conjuncts(expression or ""):
            if part not in _NOTHING:
                yield names.get(short(part)) or part


def _component(
    element: _Element, ref: str, by_id: Mapping[str, _Element], licenses: Iterable[str]
) -> Component:
    identifiers = {one.externalIdentifierType: one.identifier or ""
                   for one in element.externalIdentifier or ()}  # fmt: skip
    purl = element.software_packageUrl or identifiers.get("packageUrl", "")
    suppliers = [by_id[id].name or "" for id in _many(element.suppliedBy) if id in by_id]
    known = [
        (one.extension_cdxPropName or "", one.extension_cdxPropValue or "")
        for extension in element.extension or ()
        for one in extension.extension_cdxProperty or ()
    ]
    plain = Component(
        ref,
        _kind(element, purl, dict(known)),
        element.name or "",
        version=element.software_packageVersion or "",
        purl=purl,
        cpe=identifiers.get("cpe23", ""),
        supplier=next(iter(suppliers), ""),
        licenses=tuple(licenses),
        hashes=tuple(
            f"{one.algorithm}:{one.hashValue}"
            for one in element.verifiedUsing or ()
            if one.algorithm in _HASHES and one.hashValue
        ),
        source=element.software_sourceInfo or "",
    )
    return fields(plain, known)


def _kind(element: _Element, purl: str, known: Mapping[str, str]) -> Kind:
    if purl:
        return "image" if is_image(purl) else "package"
    found = _KINDS.get(element.software_primaryPurpose or "", "package")
    groups = known.get("Type") or not element.software_packageVersion
    return found if found != "application" or groups else "package"


def _roots(by_id: Mapping[str, _Element], components: Mapping[str, Component]) -> Iterator[str]:
    for element in by_id.values():
        if _is(element, "software_Sbom", "SpdxDocument", "Bom"):
            yield from (id for id in _many(element.rootElement) if id in components)


def _edges(links: Iterable[_Element]) -> Iterator[Edge]:
    for link in links:
        if link.relationshipType == "contains":
            yield Edge(link.from_ or "", "contains", tuple(_many(link.to)))
        elif link.relationshipType == "dependsOn":
            yield Edge(link.from_ or "", "depends", tuple(_many(link.to)))
