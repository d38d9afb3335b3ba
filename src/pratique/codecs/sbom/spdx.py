"""SPDX 2.2 and 2.3 (https://spdx.github.io/spdx-spec/v2.3/), as objects of its JSON.

Written is 2.3. What has no field of its own is in annotations, `name: value`, as with Trivy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from pratique.codecs import jsontext
from pratique.codecs.sbom import Component, Document, Edge, Kind, value
from pratique.codecs.sbom.dialects import is_image
from pratique.codecs.sbom.identity import short, uuid
from pratique.codecs.sbom.licenses import is_expression, is_id, others_in
from pratique.licenses.evaluate import conjuncts

_STARTS: dict[Kind, str] = {
    "image": "ContainerImage", "directory": "Filesystem", "system": "OperatingSystem",
    "application": "Application", "package": "Package", "other": "Other",
}  # fmt: skip
_PURPOSES: dict[Kind, str] = {
    "image": "CONTAINER", "directory": "SOURCE", "system": "OPERATING-SYSTEM",
    "application": "APPLICATION", "package": "LIBRARY", "other": "OTHER",
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "CONTAINER": "image", "ContainerImage": "image", "OPERATING-SYSTEM": "system",
    "OperatingSystem": "system", "APPLICATION": "application", "Application": "application",
    "SOURCE": "directory", "FILE": "directory", "OTHER": "directory", "Filesystem": "directory",
    "DocumentRoot": "directory", "Repository": "directory",
}  # fmt: skip
_ALGORITHMS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384",
               "SHA512": "sha512"}  # fmt: skip
LOCATION, LINE, DEVELOPMENT = "pratique:location", "pratique:line", "pratique:development"
_BUILT, _FOUND = "built package from: ", "package found in: "
_NOTHING = ("", "NOASSERTION", "NONE")
_EPOCH = "1970-01-01T00:00:00Z"


def spdx(document: Document) -> dict[str, Any]:
    """Return a document as SPDX 2.3's JSON has it, its namespace made of its content."""
    names = {c.ref: f"SPDXRef-{_STARTS[c.kind]}-{short(c.ref)}" for c in document.components}
    created = document.created or _EPOCH
    by = {"annotator": f"Tool: {document.tool}", "annotationDate": created}
    others: dict[str, str] = {}
    body: dict[str, Any] = {
        "packages": [_package(c, names[c.ref], by, others) for c in document.components],
        "relationships": [*_relationships(document, names)],
    }
    if others:
        body["hasExtractedLicensingInfos"] = [
            {"licenseId": id, "extractedText": text, "name": text}
            for id, text in sorted(others.items())
        ]
    unique = uuid(json.encode([document.name, created, body]))
    head = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": document.name,
        "documentNamespace": f"https://spdx.org/spdxdocs/pratique-{unique}",
        "creationInfo": {"creators": [f"Tool: {document.tool}"], "created": created},
    }
    return head | body


def _package(
    component: Component, id: str, by: Mapping[str, str], others: dict[str, str]
) -> dict[str, Any]:
    written = {
        "name": component.name,
        "SPDXID": id,
        "versionInfo": component.version,
        "supplier": f"Organization: {component.supplier}" if component.supplier else "",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": [_checksum(digest) for digest in component.hashes],
        "sourceInfo": source_info(component),
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": declared(component.licenses, others),
        "copyrightText": "NOASSERTION",
        "externalRefs": [*_references(component)],
        "primaryPackagePurpose": _PURPOSES[component.kind],
        "annotations": [
            {**by, "annotationType": "OTHER", "comment": f"{name}: {text}"}
            for name, text in properties(component)
        ],
    }
    return {key: found for key, found in written.items() if found or key == "filesAnalyzed"}


def _checksum(digest: str) -> dict[str, str]:
    algorithm, _, content = digest.partition(":")
    return {"algorithm": algorithm.upper(), "checksumValue": content}


def source_info(component: Component) -> str:
    if component.source:
        return _BUILT + component.source
    return _FOUND + component.location if component.location else ""


def declared(licenses: Iterable[str], others: dict[str, str]) -> str:
    """Return licences as one expression; names that nobody listed get a LicenseRef."""
    parts = []
    for text in licenses:
        if is_id(text):
            parts.append(text)
        elif is_expression(text):
            others.update((name, name) for name in others_in(text))
            parts.append(f"({text})")
        else:
            others[f"LicenseRef-{short(text)}"] = text
            parts.append(f"LicenseRef-{short(text)}")
    return " AND ".join(parts) or "NOASSERTION"


def _references(component: Component) -> Iterator[dict[str, str]]:
    if component.purl:
        yield _reference("PACKAGE-MANAGER", "purl", component.purl)
    if component.cpe:
        yield _reference("SECURITY", "cpe23Type", component.cpe)


def _reference(category: str, kind: str, locator: str) -> dict[str, str]:
    return {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}


def properties(component: Component) -> Iterator[tuple[str, str]]:
    """Yield the properties, and what SPDX has no field for, where none tells it already."""
    yield from component.properties
    if component.location and component.location != value(component, "FilePath"):
        yield LOCATION, component.location
    if component.line:
        yield LINE, str(component.line)
    if component.development:
        yield DEVELOPMENT, "true"


def _relationships(document: Document, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for root in document.roots:
        yield _relationship("SPDXRef-DOCUMENT", "DESCRIBES", names[root])
    for edge in document.edges:
        kind = "CONTAINS" if edge.what == "contains" else "DEPENDS_ON"
        for to in edge.to:
            yield _relationship(names[edge.of], kind, names[to])


def _relationship(of: str, kind: str, to: str) -> dict[str, str]:
    return {"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to}


class _Checksum(Struct):
    algorithm: str | None = None
    checksumValue: str | None = None


class _Reference(Struct):
    referenceType: str | None = None
    referenceLocator: str | None = None


class _Annotation(Struct):
    comment: str | None = None


class _Package(Struct):
    SPDXID: str | None = None
    name: str | None = None
    versionInfo: str | None = None
    supplier: str | None = None
    originator: str | None = None
    sourceInfo: str | None = None
    licenseDeclared: str | None = None
    licenseConcluded: str | None = None
    primaryPackagePurpose: str | None = None
    checksums: list[_Checksum] | None = None
    externalRefs: list[_Reference] | None = None
    annotations: list[_Annotation] | None = None
    attributionTexts: list[str] | None = None
    hasFiles: list[str] | None = None


class _File(Struct):
    SPDXID: str | None = None
    fileName: str | None = None


class _Relationship(Struct):
    spdxElementId: str | None = None
    relationshipType: str | None = None
    relatedSpdxElement: str | None = None


class _Extracted(Struct):
    licenseId: str | None = None
    extractedText: str | None = None
    name: str | None = None


class _Creation(Struct):
    created: str | None = None


class Spdx(Struct):
    """What is read of a document of SPDX 2."""

    name: str | None = None
    creationInfo: _Creation | None = None
    packages: list[_Package] | None = None
    files: list[_File] | None = None
    relationships: list[_Relationship] | None = None
    documentDescribes: list[str] | None = None
    hasExtractedLicensingInfos: list[_Extracted] | None = None


_DECODER = json.Decoder(Spdx, strict=False)


def read(data: bytes, where: str) -> Document:
    """Read a document of JSON; raises MalformedError where it is none."""
    return document(jsontext.decode(data, _DECODER, where))


def document(spdx: Spdx) -> Document:
    """Return a document; an id that occurs twice counts for the first that has it."""
    names = {
        one.licenseId: one.name if one.name not in (None, *_NOTHING) else one.extractedText or ""
        for one in spdx.hasExtractedLicensingInfos or ()
    }
    files = {one.SPDXID: one.fileName or "" for one in spdx.files or ()}
    places = dict(_places(spdx, files))
    components: dict[str, Component] = {}
    for one in spdx.packages or ():
        ref = one.SPDXID or ""
        if not ref or ref in components:
            ref = f"{ref}#{len(components)}"
        components[ref] = _component(one, ref, places.get(ref, ""), names)
    relationships = [*_read_edges(spdx.relationships or ())]
    roots = [*(spdx.documentDescribes or ())] + [
        to for of, what, to in relationships if what == "describes" and to in components
    ]
    edges = [Edge(of, what, (to,)) for of, what, to in relationships if what != "describes"]
    created = (spdx.creationInfo or _Creation()).created or ""
    return Document(spdx.name or "", created, tuple(dict.fromkeys(roots)),
                    tuple(components.values()), tuple(edges))  # fmt: skip


def _places(spdx: Spdx, files: Mapping[str | None, str]) -> Iterator[tuple[str, str]]:
    """Yield the first file that each package contains; of Trivy's there is one."""
    for one in spdx.packages or ():
        for file in one.hasFiles or ():
            if one.SPDXID and files.get(file):
                yield one.SPDXID, files[file]
    for link in spdx.relationships or ():
        if link.relationshipType == "CONTAINS" and files.get(link.relatedSpdxElement):
            yield link.spdxElementId or "", files[link.relatedSpdxElement]


def _component(
    package: _Package, ref: str, place: str, names: Mapping[str | None, str]
) -> Component:
    known = [*_annotated(package)]
    purl = next(_locators(package, "purl"), "")
    plain = Component(
        ref,
        _kind(package, ref, purl, dict(known)),
        package.name or "",
        version=_stated(package.versionInfo),
        purl=purl,
        cpe=next(_locators(package, "cpe23Type"), ""),
        supplier=_entity(package.supplier) or _entity(package.originator),
        licenses=tuple(_licenses(package, names)),
        hashes=tuple(_digests(package.checksums or ())),
        location=place.removeprefix("./"),
        source=package.sourceInfo or "",
    )
    return fields(plain, known)


def _annotated(package: _Package) -> Iterator[tuple[str, str]]:
    texts = [one.comment or "" for one in package.annotations or ()]
    texts += package.attributionTexts or () if not texts else ()
    for text in texts:
        name, colon, written = text.partition(": ")
        if colon:
            yield name, written


def fields(component: Component, known: Iterable[tuple[str, str]]) -> Component:
    """Return a component with its properties, and with what of them are fields of it."""
    own: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for name, text in known:
        if name in (LOCATION, LINE, DEVELOPMENT):
            own[name] = text
        else:
            others.append((name, text))
    line = own.get(LINE, "")
    place = own.get(LOCATION) or next((text for name, text in others if name == "FilePath"), "")
    info = component.source
    return replace(
        component,
        properties=tuple(others),
        location=place or component.location or _found_in(info),
        line=int(line) if line.isdecimal() and len(line) < 10 else 0,
        development=DEVELOPMENT in own,
        source=info.removeprefix(_BUILT) if info.startswith(_BUILT) else "",
    )


def _kind(package: _Package, ref: str, purl: str, properties: Mapping[str, str]) -> Kind:
    """Tell by the purpose, else by Trivy's beginnings of ids, what a package stands for."""
    start = ref.removeprefix("SPDXRef-").partition("-")[0]
    if purl or properties.get("ImageID"):
        return "package" if purl and not is_image(purl) else "image"
    purpose = (package.primaryPackagePurpose or "").replace("_", "-")
    found = _KINDS.get(purpose) or _KINDS.get(start, "package")
    groups = properties.get("Type") or not _stated(package.versionInfo)
    return found if found != "application" or groups else "package"


def _locators(package: _Package, kind: str) -> Iterator[str]:
    for reference in package.externalRefs or ():
        if reference.referenceType == kind and reference.referenceLocator:
            yield reference.referenceLocator


def _stated(text: str | None) -> str:
    return "" if text is None or text in _NOTHING else text


def _entity(text: str | None) -> str:
    for start in ("Organization: ", "Person: "):
        if text and text.startswith(start):
            return text.removeprefix(start).strip()
    return ""


def _licenses(package: _Package, names: Mapping[str | None, str]) -> Iterator[str]:
    declared = _stated(package.licenseDeclared) or _stated(package.licenseConcluded)
    for part in conjuncts(declared):
        yield names.get(part) or part


def _digests(checksums: Iterable[_Checksum]) -> Iterator[str]:
    for one in checksums:
        if one.checksumValue and (algorithm := _ALGORITHMS.get(one.algorithm or "")):
            yield f"{algorithm}:{one.checksumValue.lower()}"


def _found_in(info: str) -> str:
    """Return the file that Trivy and Syft name in sourceInfo."""
    if info.startswith(_FOUND):
        return info.removeprefix(_FOUND)
    if info.startswith("acquired package info from "):
        return info.rpartition(": ")[2].partition(", ")[0]
    return ""


_EDGES = {
    "CONTAINS": ("contains", False), "CONTAINED_BY": ("contains", True),
    "DEPENDS_ON": ("depends", False), "DEPENDENCY_OF": ("depends", True),
    "RUNTIME_DEPENDENCY_OF": ("depends", True), "DEV_DEPENDENCY_OF": ("depends", True),
    "DESCRIBES": ("describes", False), "DESCRIBED_BY": ("describes", True),
}  # fmt: skip


def _read_edges(relationships: Iterable[_Relationship]) -> Iterator[tuple[str, Any, str]]:
    for one in relationships:
        what, turned = _EDGES.get(one.relationshipType or "", ("", False))
        of, to = one.spdxElementId or "", one.relatedSpdxElement or ""
        if what:
            yield (to, what, of) if turned else (of, what, to)
