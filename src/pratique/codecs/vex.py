"""Read VEX documents: OpenVEX 0.2.0, CycloneDX with `analysis`, CSAF 2.0 of the VEX profile.

OpenVEX is read leniently, as its writers are: a CVE as `@id`, products as texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError, json

from pratique.errors import MalformedError
from pratique.model.vex import Product, Statement, VexStatus

_DECODER = json.Decoder()
_Map = dict[str, Any]
_LARGEST = 256 << 20
_STATUSES: dict[str, VexStatus] = {
    "not_affected": "not_affected", "affected": "affected", "fixed": "fixed",
    "under_investigation": "under_investigation",
}  # fmt: skip
_STATES: dict[str, VexStatus] = {
    "resolved": "fixed", "resolved_with_pedigree": "fixed", "exploitable": "affected",
    "in_triage": "under_investigation", "false_positive": "not_affected",
    "not_affected": "not_affected",
}  # fmt: skip
_JUSTIFICATIONS = {  # CycloneDX's, in OpenVEX's words
    "code_not_present": "vulnerable_code_not_present",
    "code_not_reachable": "vulnerable_code_not_in_execute_path",
    "protected_by_mitigating_control": "inline_mitigations_already_exist",
    "protected_by_compiler": "inline_mitigations_already_exist",
    "protected_at_runtime": "inline_mitigations_already_exist",
    "protected_at_perimeter": "inline_mitigations_already_exist",
    "requires_configuration": "vulnerable_code_cannot_be_controlled_by_adversary",
    "requires_dependency": "vulnerable_code_cannot_be_controlled_by_adversary",
    "requires_environment": "vulnerable_code_cannot_be_controlled_by_adversary",
}
_CSAF: dict[str, VexStatus] = {
    "known_not_affected": "not_affected", "fixed": "fixed", "first_fixed": "fixed",
    "known_affected": "affected", "first_affected": "affected", "last_affected": "affected",
    "under_investigation": "under_investigation",
}  # fmt: skip


def read(data: bytes, where: str) -> list[Statement]:
    """Return the statements of a document; raise MalformedError for what is no VEX document."""
    if len(data) > _LARGEST:
        raise MalformedError(f"{len(data)} bytes are too many for a VEX document", where)
    try:
        document = _DECODER.decode(data)
        return list(statements(document, where))
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no JSON: {error}", where) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise MalformedError(f"a VEX document of another shape ({reason})", where) from error


def statements(document: Any, where: str) -> Iterator[Statement]:
    """Yield the statements of a decoded document, also of one in an in-toto statement."""
    if isinstance(document, dict):
        if "predicate" in document and "predicateType" in document:
            document = document["predicate"]
        if "openvex" in str(document.get("@context", "")):
            yield from _openvex(document, where)
            return
        if document.get("bomFormat") == "CycloneDX":
            yield from _cyclonedx(document, where)
            return
        if "csaf_version" in (document.get("document") or {}):
            yield from _csaf(document, where)
            return
    raise MalformedError("neither OpenVEX nor CycloneDX nor CSAF", where)


def repository(data: bytes, where: str) -> Iterator[str]:
    """Yield the locations of the documents of a VEX repository, by its `index.json`.

    https://github.com/aquasecurity/vex-repo-spec. Raises MalformedError for one that is none, or
    that leads out of its folder.
    """
    try:
        for package in _DECODER.decode(data)["packages"]:
            location = str(package["location"])
            if location.startswith("/") or ".." in location.split("/"):
                raise MalformedError(f"{location!r} leads out of the repository", where)
            yield location
    except (DecodeError, KeyError, TypeError, RecursionError) as error:
        raise MalformedError(f"no index of a VEX repository: {error}", where) from error


def _openvex(document: _Map, where: str) -> Iterator[Statement]:
    for one in document.get("statements") or ():
        flaw = one.get("vulnerability") or {}
        flaw = {"name": flaw} if isinstance(flaw, str) else flaw
        named = (flaw.get("name"), _last(flaw.get("@id", "")), *(flaw.get("aliases") or ()))
        products = one.get("products") or document.get("products") or ()
        yield Statement(
            _texts(named), _STATUSES[one["status"]], tuple(_product(p) for p in products),
            one.get("justification", ""),
            one.get("impact_statement") or one.get("action_statement")
            or one.get("status_notes") or "",
            str(document.get("author", "")),
            one.get("timestamp") or document.get("last_updated") or document.get("timestamp", ""),
            where,
        )  # fmt: skip


def _product(product: Any) -> Product:
    if isinstance(product, str):
        return Product((product,))
    parts = product.get("subcomponents") or ()
    return Product(_ids(product), tuple(id for part in parts for id in _ids(part)))


def _ids(product: Any) -> tuple[str, ...]:
    if isinstance(product, str):
        return (product,)
    return _texts((product.get("@id"), *(product.get("identifiers") or {}).values()))


def _last(id: str) -> str:
    """Return what an IRI of a flaw ends in."""
    return id.rstrip("/").rpartition("/")[2]


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values if value))


def _cyclonedx(document: _Map, where: str) -> Iterator[Statement]:
    """Yield what its vulnerabilities have an analysis of; references are purls or components."""
    purls: dict[str, str] = {}
    pending = list(document.get("components") or ())
    if root := (document.get("metadata") or {}).get("component"):
        pending.append(root)
    while pending:
        component = pending.pop()
        purls[str(component.get("bom-ref", ""))] = component.get("purl", "")
        pending += component.get("components") or ()
    tool = str((document.get("metadata") or {}).get("timestamp", ""))
    for one in document.get("vulnerabilities") or ():
        analysis = one.get("analysis") or {}
        if (status := _STATES.get(analysis.get("state", ""))) is None:
            continue
        refs = [str(affected.get("ref", "")) for affected in one.get("affects") or ()]
        ids = [purls.get(ref) or _of_link(ref) for ref in refs]
        aliases = (reference.get("id") for reference in one.get("references") or ())
        yield Statement(
            _texts((one.get("id"), *aliases)), status,
            tuple(Product((id,)) for id in ids if id),
            _JUSTIFICATIONS.get(analysis.get("justification", ""), ""),
            analysis.get("detail", ""), "",
            analysis.get("lastUpdated") or one.get("updated") or tool, where,
        )  # fmt: skip


def _of_link(ref: str) -> str:
    """Return the purl that a BOM-Link (`urn:cdx:…#ref`) or a reference is, if it is one."""
    end = ref.rpartition("#")[2] if ref.startswith("urn:cdx:") else ref
    return re.sub("%40", "@", end) if end.startswith("pkg:") else ""


def _csaf(document: _Map, where: str) -> Iterator[Statement]:
    head = document["document"]
    names = _csaf_products(document.get("product_tree") or {})
    author = str((head.get("publisher") or {}).get("name", ""))
    time = (head.get("tracking") or {}).get("current_release_date", "")
    for flaw in document.get("vulnerabilities") or ():
        ids = (flaw.get("cve"), *(i.get("text") for i in flaw.get("ids") or ()))
        flags = _by_product(flaw.get("flags") or (), "label")
        words = _by_product(flaw.get("threats") or (), "details")
        words |= _by_product(flaw.get("remediations") or (), "details")
        for state, products in (flaw.get("product_status") or {}).items():
            if (status := _CSAF.get(state)) is None:
                continue
            for product in products:
                known = names.get(product)
                if known:
                    yield Statement(
                        _texts(ids), status, (known,), flags.get(product, ""),
                        words.get(product, ""), author, time, where,
                    )  # fmt: skip


def _by_product(entries: Any, key: str) -> dict[str, str]:
    return {
        product: str(entry.get(key, ""))
        for entry in entries for product in entry.get("product_ids") or ()
    }  # fmt: skip


def _csaf_products(tree: _Map) -> dict[str, Product]:
    """Return the products that have a purl; one by a relationship is a part of another."""
    plain: dict[str, tuple[str, ...]] = {}
    pending = [tree]
    while pending:
        branch = pending.pop()
        pending += branch.get("branches") or ()
        for product in (branch.get("product"), *(branch.get("full_product_names") or ())):
            if product:
                helper = product.get("product_identification_helper") or {}
                known = _texts((helper.get("purl"), helper.get("cpe")))
                plain[product["product_id"]] = known or (str(product.get("name", "")),)
    found = {id: Product(names) for id, names in plain.items()}
    for relation in tree.get("relationships") or ():
        part = plain.get(relation["product_reference"], ())
        whole = plain.get(relation["relates_to_product_reference"], ())
        own = relation["full_product_name"]["product_id"]
        images = tuple(name for name in whole if _is_image(name))
        found[own] = Product(images, part) if images else Product(part)
    return found


def _is_image(name: str) -> bool:
    return name.startswith("pkg:oci/") or (name.startswith("pkg:generic/") and "checksum=" in name)
