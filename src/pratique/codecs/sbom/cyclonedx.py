"""CycloneDX 1.2 to 1.7 (https://cyclonedx.org/specification/overview/), as objects of its JSON.

Written are 1.6 and 1.7, whose difference does not touch what is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from pratique.codecs import jsontext
from pratique.codecs.sbom import Component, Document, Edge, Kind, value
from pratique.codecs.sbom.identity import urn
from pratique.codecs.sbom.licenses import is_expression, is_id

VERSIONS = ("1.6", "1.7")
TRIVY = "aquasecurity:trivy:"
_TYPES: dict[Kind, str] = {
    "image": "container", "directory": "application", "system": "operating-system",
    "application": "application", "package": "library", "other": "file",
}  # fmt: skip
_ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384",
               "sha512": "SHA-512"}  # fmt: skip
_NAMES = {name: algorithm for algorithm, name in _ALGORITHMS.items()}
_PACKAGES = frozenset({"library", "framework", "application", "platform", "firmware"})
_Text = str | int | float | bool | None


def bom(
    document: Document, version: str, vulnerabilities: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return a document as CycloneDX's JSON has it, its serial number made of its content."""
    roots = set(document.roots)
    body: dict[str, Any] = {
        "metadata": {
            "timestamp": document.created,
            "tools": {"components": [_tool(document.tool)]},
        },
        "components": [_component(c) for c in document.components if c.ref not in roots],
        "dependencies": _dependencies(document),
    }
    for component in document.components:
        if component.ref in roots:
            body["metadata"]["component"] = _component(component)
    if vulnerabilities:
        body["vulnerabilities"] = vulnerabilities
    if not document.created:
        del body["metadata"]["timestamp"]
    head = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": urn(json.encode(body)),
        "version": 1,
    }
    return head | body


def _tool(tool: str) -> dict[str, str]:
    name, _, version = tool.rpartition("-")
    return {"type": "application", "name": name or tool, "version": version}


def _component(component: Component) -> dict[str, Any]:
    """Return a component, its members in the order that the XML schema asks for."""
    group = component.group
    prefixes = (f"{group}:", f"{group}/") if group else ()
    prefix = next((p for p in prefixes if component.name.startswith(p)), "")
    written = {
        "type": _TYPES[component.kind],
        "bom-ref": component.ref,
        "supplier": {"name": component.supplier} if component.supplier else None,
        "group": group if prefix else "",
        "name": component.name.removeprefix(prefix),
        "version": component.version,
        "scope": "excluded" if component.development else "",
        "hashes": [_hash(digest) for digest in component.hashes],
        "licenses": _licenses(component.licenses),
        "cpe": component.cpe,
        "purl": component.purl,
        "properties": [_property(name, text) for name, text in component.properties],
        "evidence": _evidence(component),
    }
    return {key: found for key, found in written.items() if found or key == "name"}


def _hash(digest: str) -> dict[str, str]:
    algorithm, _, content = digest.partition(":")
    return {"alg": _ALGORITHMS[algorithm], "content": content}


def _licenses(licenses: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return either one expression, or licences by id and by name."""
    if len(licenses) == 1 and not is_id(licenses[0]) and is_expression(licenses[0]):
        return [{"expression": licenses[0]}]
    return [{"license": {"id" if is_id(text) else "name": text}} for text in licenses]


def _property(name: str, text: str) -> dict[str, str]:
    ours = name.startswith(("pratique:", "org.opencontainers."))
    return {"name": name if ours else TRIVY + name, "value": text}


def _evidence(component: Component) -> dict[str, Any] | None:
    if not component.location:
        return None
    line = {"line": component.line} if component.line else {}
    return {"occurrences": [{"location": component.location} | line]}


def _dependencies(document: Document) -> list[dict[str, Any]]:
    """Return what depends on what; what contains a component is said to depend on it."""
    needs: dict[str, dict[str, None]] = {component.ref: {} for component in document.components}
    for edge in document.edges:
        needs[edge.of].update(dict.fromkeys(edge.to))
    return [{"ref": ref} | ({"dependsOn": [*to]} if to else {}) for ref, to in needs.items()]


class _Property(Struct):
    name: str | None = None
    value: _Text = None


class _License(Struct):
    id: str | None = None
    name: str | None = None


class _Choice(Struct):
    license: _License | None = None
    expression: str | None = None


class _Hash(Struct):
    alg: str | None = None
    content: str | None = None


class _Occurrence(Struct):
    location: str | None = None
    line: int | str | None = None


class _Evidence(Struct):
    occurrences: list[_Occurrence] | None = None


class _Supplier(Struct):
    name: str | None = None


class _Component(Struct, rename={"bom_ref": "bom-ref"}):
    type: str | None = None
    bom_ref: str | None = None
    group: str | None = None
    name: _Text = None
    version: _Text = None
    scope: str | None = None
    purl: str | None = None
    cpe: str | None = None
    supplier: _Supplier | None = None
    licenses: list[_Choice] | None = None
    hashes: list[_Hash] | None = None
    properties: list[_Property] | None = None
    evidence: _Evidence | None = None
    components: list[_Component] | None = None


class _Dependency(Struct):
    ref: str | None = None
    dependsOn: list[str] | None = None


class _Metadata(Struct):
    timestamp: str | None = None
    component: _Component | None = None


class Bom(Struct):
    """What is read of a document, whatever its version."""

    metadata: _Metadata | None = None
    components: list[_Component] | None = None
    dependencies: list[_Dependency] | None = None


_DECODER = json.Decoder(Bom, strict=False)


def read(data: bytes, where: str) -> Document:
    """Read a document of JSON; raises MalformedError where it is none."""
    return document(jsontext.decode(data, _DECODER, where))


def document(bom: Bom) -> Document:
    """Return a document; a reference that occurs twice counts for the first that has it."""
    metadata = bom.metadata or _Metadata()
    reading = _Reading()
    root = metadata.component
    roots: tuple[str, ...] = ()
    if root is not None:
        roots = (reading.add(root, is_root=True),)
    for component in bom.components or ():
        reading.add(component)
    name = reading.components[0].name if roots else ""
    edges = [*reading.edges, *_edges(bom.dependencies or (), reading.kinds)]
    return Document(name, metadata.timestamp or "", roots, tuple(reading.components), tuple(edges))


class _Reading:
    def __init__(self) -> None:
        self.components: list[Component] = []
        self.edges: list[Edge] = []
        self.kinds: dict[str, Kind] = {}

    def add(self, component: _Component, *, is_root: bool = False) -> str:
        """Add a component and all that are nested in it; return its reference."""
        first = self._add_one(component, is_root=is_root)
        pending = [(first, component)]
        while pending:
            ref, outer = pending.pop()
            inner = [(self._add_one(one), one) for one in outer.components or ()]
            if inner:
                self.edges.append(Edge(ref, "contains", tuple(found for found, _ in inner)))
            pending += inner
        return first

    def _add_one(self, component: _Component, *, is_root: bool = False) -> str:
        ref = component.bom_ref or ""
        if not ref or ref in self.kinds:
            ref = f"{ref}#{len(self.kinds)}"
        read = _read(component, ref, is_root=is_root)
        self.kinds[ref] = read.kind
        self.components.append(read)
        return ref


def _read(component: _Component, ref: str, *, is_root: bool) -> Component:
    properties = tuple(
        ((one.name or "").removeprefix(TRIVY), _text(one.value))
        for one in component.properties or ()
    )
    place = next(iter((component.evidence or _Evidence()).occurrences or ()), _Occurrence())
    line = str(place.line or "")
    read = Component(
        ref, "other", _text(component.name), component.group or "", _text(component.version),
        component.purl or "", component.cpe or "",
        (component.supplier.name or "") if component.supplier else "",
        tuple(_named(component.licenses or ())), tuple(_digests(component.hashes or ())),
        place.location or "", int(line) if line.isdecimal() and len(line) < 10 else 0,
        development=component.scope == "excluded", properties=properties,
    )  # fmt: skip
    return replace(read, kind=_kind(component, read, is_root=is_root))


def _kind(component: _Component, read: Component, *, is_root: bool) -> Kind:
    if component.type == "container" or value(read, "ImageID"):
        return "image"
    if component.type == "operating-system":
        return "system"
    if component.type == "application" and not read.purl:
        return _application(read, is_root=is_root)
    return "package" if component.type in _PACKAGES or read.purl else "other"


def _application(read: Component, *, is_root: bool) -> Kind:
    """Tell a file that packages are grouped by from a program that nobody gave a purl."""
    if value(read, "Type"):
        return "application"
    if is_root:
        return "directory"
    return "package" if read.cpe or read.version else "application"


def _text(value: _Text) -> str:
    return "" if value is None else str(value)


def _named(choices: list[_Choice] | tuple[()]) -> Iterator[str]:
    for choice in choices:
        license_ = choice.license or _License()
        text = license_.id or license_.name or choice.expression
        if text and text not in ("NOASSERTION", "NONE"):
            yield text


def _digests(hashes: list[_Hash] | tuple[()]) -> Iterator[str]:
    for one in hashes:
        if one.content and (algorithm := _NAMES.get(one.alg or "")):
            yield f"{algorithm}:{one.content.lower()}"


def _edges(dependencies: list[_Dependency] | tuple[()], kinds: dict[str, Kind]) -> Iterator[Edge]:
    """Yield the dependencies; of what is no package, they are what it contains."""
    for one in dependencies:
        if one.ref and one.dependsOn and one.ref in kinds:
            is_package = kinds[one.ref] in ("package", "other")
            yield Edge(one.ref, "depends" if is_package else "contains", tuple(one.dependsOn))
