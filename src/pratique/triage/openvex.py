"""Decisions as OpenVEX 0.2.0 (https://github.com/openvex/spec)."""

from __future__ import annotations

import hashlib
from typing import Any

from msgspec import json

from pratique import __version__
from pratique.entries import url_of
from pratique.errors import MalformedError
from pratique.triage.decision import Decision, Subject

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_Map = dict[str, Any]


def added(document: _Map | None, subject: Subject, decision: Decision, where: str) -> _Map | None:
    """Return a document with a decision as its last statement; a new one where there is none.

    None where the document says so already. What is in it stays as it is and where it is: a later
    statement about the same counts. Raises MalformedError for what is no OpenVEX.
    """
    new = _statement(subject, decision)
    if document is None:
        return _document(new, decision)
    there = document.get("statements")
    version = document.get("version")
    is_one = "openvex" in str(document.get("@context", "")) and isinstance(there, list)
    if not is_one or not isinstance(version, int) or not isinstance(there, list):
        raise MalformedError("no OpenVEX document: it has no statements, or no version", where)
    if _is_last_word(there, new):
        return None
    changed = {
        "version": version + 1, "last_updated": decision.moment, "statements": [*there, new],
    }  # fmt: skip
    return _updated(document, changed)


def author_of(document: _Map) -> str:
    """Return who a document is by."""
    return str(document.get("author") or "")


def _statement(subject: Subject, decision: Decision) -> _Map:
    flaw: _Map = {"@id": url_of(subject.id), "name": subject.id}
    if subject.aliases:
        flaw["aliases"] = list(dict.fromkeys(subject.aliases))
    statement: _Map = {
        "vulnerability": flaw,
        "timestamp": decision.moment,
        "products": [_product(name, parts) for name, parts in subject.products],
        "status": decision.status,
    }
    said = {
        "justification": decision.justification, "impact_statement": decision.impact,
        "action_statement": decision.action,
    }  # fmt: skip
    return statement | {key: text for key, text in said.items() if text}


def _product(name: str, parts: tuple[str, ...]) -> _Map:
    product: _Map = {"@id": name, "identifiers": {"purl": name}}
    return product | {"subcomponents": [{"@id": part} for part in parts]} if parts else product


def _document(statement: _Map, decision: Decision) -> _Map:
    digest = hashlib.sha256(json.encode([decision.author, statement])).hexdigest()
    return {
        "@context": _CONTEXT,
        "@id": f"https://openvex.dev/docs/pratique/vex-{digest}",
        "author": decision.author,
        "timestamp": decision.moment,
        "version": 1,
        "tooling": f"pratique {__version__}",
        "statements": [statement],
    }


def _is_last_word(statements: list[Any], new: _Map) -> bool:
    """Tell whether the last statement about a flaw says what a new one would."""
    about = [s for s in statements if isinstance(s, dict) and _of(s) == _of(new)]
    plain = {key: value for key, value in new.items() if key != "timestamp"}
    return bool(about) and plain == {k: v for k, v in about[-1].items() if k != "timestamp"}


def _of(statement: _Map) -> tuple[Any, Any]:
    flaw = statement.get("vulnerability")
    return flaw.get("name") if isinstance(flaw, dict) else flaw, statement.get("products")


def _updated(document: _Map, changed: _Map) -> _Map:
    """Return a document with other values at the same places."""
    result: _Map = {}
    for key, value in document.items():
        result[key] = changed.get(key, value)
        if key == "timestamp" and "last_updated" not in document:
            result["last_updated"] = changed["last_updated"]
    return result | {key: value for key, value in changed.items() if key not in result}
