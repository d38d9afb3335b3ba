"""Decisions as CSAF 2.0 of the VEX profile.

https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from msgspec import json

from pratique import __version__
from pratique.errors import MalformedError
from pratique.triage.decision import Decision, Subject

_STATUSES = {
    "not_affected": "known_not_affected", "affected": "known_affected", "fixed": "fixed",
    "under_investigation": "under_investigation",
}  # fmt: skip
_ABOUT_PRODUCTS = ("flags", "threats", "remediations")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
_Map = dict[str, Any]


def added(document: _Map | None, subject: Subject, decision: Decision, where: str) -> _Map | None:
    """Return a document with a decision; a new one where there is none, None where it is said.

    A product has one status of a flaw: the decision replaces an earlier one about it. Raises
    MalformedError for what is no CSAF.
    """
    before = None if document is None else json.encode(document)
    changed: _Map = _new(subject, decision) if before is None else json.decode(before)
    try:
        ids = _products(changed, subject)
        flaw = _flaw(changed, subject)
        if before is not None and _is_said(flaw, ids, decision):
            return None
        _decide(flaw, ids, decision)
        if before is not None:
            _revise(changed, subject, decision)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        reason = f"a CSAF document of another shape ({type(error).__name__}: {error})"
        raise MalformedError(reason, where) from error
    return changed


def author_of(document: _Map) -> str:
    """Return who a document is by."""
    head = document.get("document")
    publisher = head.get("publisher") if isinstance(head, dict) else None
    return str(publisher.get("name") or "") if isinstance(publisher, dict) else ""


def _new(subject: Subject, decision: Decision) -> _Map:
    digest = hashlib.sha256(json.encode([decision.author, decision.moment, subject])).hexdigest()
    repository = subject.products[0][0].partition("?repository_url=")[2]
    revision = {"date": decision.moment, "number": "1", "summary": f"{subject.id}"}
    return {
        "document": {
            "category": "csaf_vex",
            "csaf_version": "2.0",
            "publisher": {
                "category": "user", "name": decision.author,
                "namespace": f"https://{repository}" if repository else "urn:pratique:triage",
            },
            "title": f"Decisions about flaws in {repository or subject.products[0][0]}",
            "tracking": {
                "current_release_date": decision.moment,
                "generator": {"engine": {"name": "pratique", "version": __version__}},
                "id": f"pratique-{digest[:16]}",
                "initial_release_date": decision.moment,
                "revision_history": [revision],
                "status": "final",
                "version": "1",
            },
        },
        "product_tree": {},
        "vulnerabilities": [],
    }  # fmt: skip


def _products(document: _Map, subject: Subject) -> list[str]:
    """Put what a decision is about in the tree; return the ids of its products there."""
    tree = document.setdefault("product_tree", {})
    ids = []
    for name, parts in subject.products:
        whole = _product(tree, name)
        ids += [_in(tree, whole, _product(tree, part), part, name) for part in parts] or [whole]
    return ids


def _product(tree: _Map, url: str) -> str:
    """Return the id of the product that a purl names, new where it is not in the tree."""
    listed: list[_Map] = tree.setdefault("full_product_names", [])
    for product in listed:
        if (product.get("product_identification_helper") or {}).get("purl") == url:
            return str(product["product_id"])
    listed.append({
        "name": url, "product_id": url, "product_identification_helper": {"purl": url},
    })  # fmt: skip
    return url


def _in(tree: _Map, whole: str, part: str, part_url: str, whole_url: str) -> str:
    """Return the id of a package in an image."""
    related: list[_Map] = tree.setdefault("relationships", [])
    for one in related:
        if (one["product_reference"], one["relates_to_product_reference"]) == (part, whole):
            return str(one["full_product_name"]["product_id"])
    id = f"{whole}:{part}"
    related.append({
        "category": "default_component_of",
        "full_product_name": {"name": f"{part_url} in {whole_url}", "product_id": id},
        "product_reference": part, "relates_to_product_reference": whole,
    })  # fmt: skip
    return id


def _flaw(document: _Map, subject: Subject) -> _Map:
    """Return the document's entry of a flaw, new where it has none."""
    listed: list[_Map] = document.setdefault("vulnerabilities", [])
    cve = next((id for id in (subject.id, *subject.aliases) if _CVE.fullmatch(id)), "")
    others = [id for id in dict.fromkeys((subject.id, *subject.aliases)) if id != cve]
    for flaw in listed:
        texts = {one.get("text") for one in flaw.get("ids") or ()}
        if (cve and flaw.get("cve") == cve) or (not cve and texts & set(others)):
            return flaw
    new: _Map = {"cve": cve} if cve else {}
    if others:
        new["ids"] = [{"system_name": id.partition("-")[0] or "OSV", "text": id} for id in others]
    new["notes"] = [{"category": "summary", "text": f"{subject.id}, decided by triage."}]
    new["product_status"] = {}
    listed.append(new)
    return new


def _decide(flaw: _Map, ids: list[str], decision: Decision) -> None:
    """Say it of some products, and nothing else any more."""
    states = flaw.setdefault("product_status", {})
    _take_out(flaw, set(ids))
    states.setdefault(_STATUSES[decision.status], []).extend(ids)
    said: list[tuple[str, _Map]] = []
    if decision.justification:
        said.append(("flags", {"label": decision.justification, "date": decision.moment}))
    if decision.impact:
        said.append(("threats", {"category": "impact", "details": decision.impact}))
    if decision.action:
        said.append(("remediations", {"category": "mitigation", "details": decision.action}))
    for key, entry in said:
        flaw.setdefault(key, []).append(entry | {"product_ids": list(ids)})


def _take_out(flaw: _Map, ids: set[str]) -> None:
    states = flaw["product_status"]
    for state in list(states):
        states[state] = [id for id in states[state] if id not in ids]
        if not states[state]:
            del states[state]
    for key in _ABOUT_PRODUCTS:
        kept = []
        for entry in flaw.get(key) or ():
            named = entry.get("product_ids")
            left = [id for id in named or () if id not in ids]
            if named is None or left:
                kept.append(entry if named is None else entry | {"product_ids": left})
        if key in flaw:
            flaw[key] = kept
            if not kept:
                del flaw[key]


def _is_said(flaw: _Map, ids: list[str], decision: Decision) -> bool:
    states = flaw.get("product_status") or {}
    if not set(ids) <= set(states.get(_STATUSES[decision.status]) or ()):
        return False
    words = {"flags": ("label", decision.justification), "threats": ("details", decision.impact),
             "remediations": ("details", decision.action)}  # fmt: skip
    for key, (name, text) in words.items():
        said = {
            id: entry.get(name) for entry in flaw.get(key) or ()
            for id in entry.get("product_ids") or ()
        }  # fmt: skip
        if any((said.get(id) or "") != text for id in ids):
            return False
    return True


def _revise(document: _Map, subject: Subject, decision: Decision) -> None:
    """Enter a revision; the version is a number, or of three parts, whichever it was."""
    tracking = document["document"]["tracking"]
    first, _, rest = str(tracking["version"]).partition(".")
    version = f"{int(first) + 1}" + (".0.0" if rest else "")
    tracking["version"] = version
    tracking["current_release_date"] = decision.moment
    tracking.setdefault("revision_history", []).append(
        {"date": decision.moment, "number": version, "summary": f"{subject.id}"}
    )
