"""The JSON schema of `pratique.yaml`, made of what reads it: editors complete and check by it."""

from __future__ import annotations

from typing import Any

from pratique.model.advisory import SEVERITIES
from pratique.model.policy import FindingGate, ReportGate
from pratique.options import OPTIONS, Option
from pratique.policy.exceptions import FIELDS

_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_SPAN = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[dwh]?$"}]}
_KINDS = ["vulnerability", "secret", "misconfiguration", "misconfig", "license"]


def _some(*words: str) -> dict[str, Any]:
    one = {"enum": list(words)}
    return {"anyOf": [one, {"type": "array", "items": one}]}


_SHAPES: dict[str, Any] = {
    "name": {"type": "string"}, "action": {"enum": ["deny", "warn"]}, "on": _some(*_KINDS),
    "severity": {"enum": [*SEVERITIES, *map(str.lower, SEVERITIES)]},
    "fixable": {"type": "boolean"}, "exploited": {"type": "boolean"},
    "epss": {"type": "number", "minimum": 0, "maximum": 1}, "known_for": _SPAN, "id": _TEXTS,
    "package": _TEXTS, "path": _TEXTS, "license": _TEXTS, "origin": {"enum": ["base", "app"]},
    "state": _some("new", "disclosed", "unchanged"), "allow": {"type": "integer", "minimum": 0},
    "when": {"type": "string"}, "until": {"type": "string", "format": "date"}, "base": _TEXTS,
    "base_age": _SPAN, "base_pinned": {"type": "boolean"}, "age": _SPAN,
    "user": {"enum": ["non-root"]},
    "size": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    "end_of_life": {"type": "boolean"}, "unchecked": {"type": "integer", "minimum": 0},
    "database_age": _SPAN, "scanners": _some("vuln", "secret", "misconfig", "license"),
}  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the schema: draft 2020-12."""
    gates = {"type": "array", "items": {"anyOf": [_gate(FindingGate), _gate(ReportGate)]}}
    exceptions = _object({"require": _some(*FIELDS)})
    environment = _object({"use": _TEXTS, "gates": gates, "action": _SHAPES["action"],
                           "exceptions": exceptions})  # fmt: skip
    policy = _object({
        "name": {"type": "string"}, "use": _TEXTS, "gates": gates, "exceptions": exceptions,
        "environments": {"type": "object", "additionalProperties": environment},
    })  # fmt: skip
    exception = _object(
        {
            key: {"type": "string"}
            for key in ("id", "package", "layer", "reason", "owner", "approver", "ticket")
        }
        | {
            "path": _TEXTS,
            "purl": _TEXTS,
            "scope": _TEXTS,
            "expires": {"type": "string", "format": "date"},
        }
    )
    options = {option.field.replace("_", "-"): _option(option) for option in OPTIONS}
    document = _object(
        options | {"policy": policy, "ignore": {"type": "array", "items": exception}}
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pratique.yaml",
    } | document


def _gate(kind: type[FindingGate | ReportGate]) -> dict[str, Any]:
    names = {field: {"origin": "from"}.get(field, field) for field in kind.__struct_fields__}
    return _object({name.replace("_", "-"): _SHAPES[field] for field, name in names.items()})


def _option(option: Option) -> dict[str, Any]:
    if not option.metavar:
        return {"type": "boolean", "description": option.help}
    shape = _TEXTS if option.is_list else {"type": ["string", "number"]}
    return shape | {"description": option.help}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
