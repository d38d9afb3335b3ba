"""CycloneDX as XML; both ways it passes through the objects of its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import MsgspecError, convert

from pratique.codecs import markup
from pratique.codecs.markup import Node
from pratique.codecs.sbom import Document, cyclonedx
from pratique.errors import MalformedError

_SPACE = "http://cyclonedx.org/schema/bom/"
_ATTRIBUTES = ("type", "bom-ref")
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ESCAPES = str.maketrans(_MARKS)


def write(document: Document, version: str) -> str:
    """Return the text of a document."""
    bom = cyclonedx.bom(document, version)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<bom xmlns="{_SPACE}{version}" serialNumber="{bom["serialNumber"]}" version="1">',
        *_metadata(bom["metadata"], "  "),
        "  <components>",
        *(line for one in bom["components"] for line in _component(one, "    ")),
        "  </components>",
        "  <dependencies>",
        *(line for one in bom["dependencies"] for line in _dependency(one, "    ")),
        "  </dependencies>",
        "</bom>",
    ]
    return "\n".join(lines) + "\n"


def _metadata(metadata: dict[str, Any], pad: str) -> Iterator[str]:
    yield f"{pad}<metadata>"
    if "timestamp" in metadata:
        yield _leaf("timestamp", metadata["timestamp"], pad + "  ")
    yield f"{pad}  <tools>"
    yield f"{pad}    <components>"
    for tool in metadata["tools"]["components"]:
        yield from _component(tool, pad + "      ")
    yield f"{pad}    </components>"
    yield f"{pad}  </tools>"
    if "component" in metadata:
        yield from _component(metadata["component"], pad + "  ")
    yield f"{pad}</metadata>"


def _component(component: dict[str, Any], pad: str) -> Iterator[str]:
    attributes = "".join(
        f' {name}="{_escaped(component[name])}"' for name in _ATTRIBUTES if name in component
    )
    yield f"{pad}<component{attributes}>"
    inner = pad + "  "
    for name, found in component.items():
        match name:
            case "type" | "bom-ref":
                continue
            case "supplier":
                yield from _within("supplier", [_leaf("name", found["name"], inner + "  ")], inner)
            case "hashes":
                hashes = (("hash", {"alg": one["alg"]}, one["content"]) for one in found)
                yield from _leaves("hashes", hashes, inner)
            case "licenses":
                yield from _within("licenses", _licenses(found, inner + "  "), inner)
            case "properties":
                properties = (("property", {"name": one["name"]}, one["value"]) for one in found)
                yield from _leaves("properties", properties, inner)
            case "evidence":
                yield from _evidence(found, inner)
            case _:
                yield _leaf(name, found, inner)
    yield f"{pad}</component>"


def _licenses(choices: list[dict[str, Any]], pad: str) -> Iterator[str]:
    for choice in choices:
        if "expression" in choice:
            yield _leaf("expression", choice["expression"], pad)
        else:
            [(name, text)] = choice["license"].items()
            yield from _within("license", [_leaf(name, text, pad + "  ")], pad)


def _evidence(evidence: dict[str, Any], pad: str) -> Iterator[str]:
    yield f"{pad}<evidence>"
    yield f"{pad}  <occurrences>"
    for one in evidence["occurrences"]:
        leaves = [_leaf(name, str(found), pad + "      ") for name, found in one.items()]
        yield from _within("occurrence", leaves, pad + "    ")
    yield f"{pad}  </occurrences>"
    yield f"{pad}</evidence>"


def _dependency(dependency: dict[str, Any], pad: str) -> Iterator[str]:
    ref = _escaped(dependency["ref"])
    if "dependsOn" not in dependency:
        yield f'{pad}<dependency ref="{ref}"/>'
        return
    yield f'{pad}<dependency ref="{ref}">'
    for to in dependency["dependsOn"]:
        yield f'{pad}  <dependency ref="{_escaped(to)}"/>'
    yield f"{pad}</dependency>"


def _leaves(name: str, leaves: Iterator[tuple[str, dict[str, str], str]], pad: str) -> list[str]:
    inner = [_leaf(tag, text, pad + "  ", attributes) for tag, attributes, text in leaves]
    return [*_within(name, inner, pad)]


def _within(name: str, inner: Iterator[str] | list[str], pad: str) -> Iterator[str]:
    yield f"{pad}<{name}>"
    yield from inner
    yield f"{pad}</{name}>"


def _leaf(name: str, text: str, pad: str, attributes: dict[str, str] | None = None) -> str:
    written = "".join(f' {key}="{_escaped(found)}"' for key, found in (attributes or {}).items())
    return f"{pad}<{name}{written}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def read(data: bytes, where: str) -> Document:
    """Read a document; raises MalformedError for XML that is no BOM, or has a document type."""
    root = markup.tree(data, where)
    if root.name != "bom":
        raise MalformedError(f"no SBOM: the XML's root is <{root.name[:80]}>", where)
    metadata = root.child("metadata") or Node("metadata", {})
    subject = metadata.child("component")
    plain = {
        "metadata": {
            "timestamp": metadata.word("timestamp") or None,
            "component": _read(subject) if subject else None,
        },
        "components": _components(root),
        "dependencies": [*_read_dependencies(root)],
    }
    try:
        return cyclonedx.document(convert(plain, cyclonedx.Bom, strict=False))
    except MsgspecError as error:
        raise MalformedError(str(error), where) from error


def _components(node: Node) -> list[dict[str, Any]]:
    return [_read(one) for one in node.within("components") if one.name == "component"]


def _read(node: Node) -> dict[str, Any]:
    """Return a component as JSON has it; those in it, at most 100 deep, are read alike."""
    supplier = node.child("supplier")
    evidence = node.child("evidence")
    return {
        **{name: node.attributes.get(name) for name in _ATTRIBUTES},
        **{name: node.word(name) for name in ("group", "name", "version", "scope", "purl", "cpe")},
        "supplier": {"name": supplier.word("name")} if supplier else None,
        "licenses": [_choice(one) for one in node.within("licenses")],
        "hashes": [{"alg": one.attributes.get("alg"), "content": one.text}
                   for one in node.within("hashes")],
        "properties": [{"name": one.attributes.get("name"), "value": one.text}
                       for one in node.within("properties")],
        "evidence": {"occurrences": [{"location": one.word("location"), "line": one.word("line")}
                                     for one in evidence.within("occurrences")]}
        if evidence else None,
        "components": _components(node),
    }  # fmt: skip


def _choice(node: Node) -> dict[str, Any]:
    if node.name == "expression":
        return {"expression": node.text}
    return {"license": {"id": node.word("id") or None, "name": node.word("name") or None}}


def _read_dependencies(root: Node) -> Iterator[dict[str, Any]]:
    for one in root.within("dependencies"):
        yield {
            "ref": one.attributes.get("ref"),
            "dependsOn": [inner.attributes.get("ref", "") for inner in one.children],
        }
