"""Read policies: the `policy` of `pratique.yaml`, a file of its own, or the words of `--fail-on`.

policy:
use: [default]                 # ready ones: default, strict, pci, cis
gates:
- name: old criticals
severity: CRITICAL
fixable: true
known-for: 14d
- name: our bases
base: ["registry.example/base/*"]
environments:
dev: {action: warn}          # or gates of its own, which replace those above
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from pratique.codecs.located import Map, documents
from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Kind
from pratique.model.policy import FindingGate, Gate, Policy, ReportGate
from pratique.policy.exceptions import FIELDS
from pratique.policy.ready import READY

_KINDS: dict[str, Kind] = {
    "vulnerability": "vulnerability", "secret": "secret", "license": "license",
    "misconfiguration": "misconfiguration", "misconfig": "misconfiguration",
}  # fmt: skip
_SIZES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20,
          "GIB": 2**30}  # fmt: skip
_SHARED = {"name", "action", "when", "until"}


def read_policy(text: str, where: str, environment: str = "") -> Policy:
    """Return the policy of a document; raise UsageError with line and reason where it is none."""
    every = list(documents(text, where))
    document = every[0] if every else None
    if not isinstance(document, Map):
        raise UsageError(f"{where}: no policy: it must be a mapping with `gates`")
    if "policy" in document:
        document = document["policy"]
    if not isinstance(document, Map):
        raise UsageError(f"{where}: `policy` must be a mapping")
    return _policy(document, where, environment)


def _policy(document: Map, where: str, environment: str) -> Policy:
    _known(document, {"use", "gates", "environments", "name", "exceptions"}, where)
    gates = _gates(document, where)
    required = _required(document, where)
    named = document.get("environments") or {}
    if environment and environment not in named:
        known = f": it has {', '.join(named)}" if named else ": it has none"
        raise UsageError(f"{where}: no environment {environment!r}{known}")
    if environment:
        own = named[environment] or Map()
        _known(own, {"use", "gates", "action", "exceptions"}, where)
        gates = _gates(own, where) or gates
        required = _required(own, where) if "exceptions" in own else required
        if action := own.get("action"):
            gates = tuple(replace(g, action=_action(action, where)) for g in gates)
    if not gates and not required:
        raise UsageError(f"{where}: a policy without gates: name some, or `use` a ready one")
    return Policy(str(document.get("name") or where), gates, environment, required)


def _required(document: Map, where: str) -> tuple[str, ...]:
    """Return what a policy requires of exceptions: `exceptions: {require: [reason, owner]}`."""
    stated = document.get("exceptions") or Map()
    if not isinstance(stated, Map):
        raise UsageError(f"{where}: `exceptions` must be a mapping with `require`")
    _known(stated, {"require"}, where)
    words = _texts(stated.get("require") or (), "require", where)
    for word in words:
        if word not in FIELDS:
            raise UsageError(f"{where}: `require`: {word!r} is none of {', '.join(FIELDS)}")
    return words


def _gates(document: Map, where: str) -> tuple[Gate, ...]:
    used: list[Gate] = []
    for name in _texts(document.get("use") or (), "use", where):
        used += ready(name).gates
    listed = document.get("gates") or []
    if not isinstance(listed, list):
        raise UsageError(f"{where}: `gates` must be a list")
    own = [_gate(entry, where, number) for number, entry in enumerate(listed, 1)]
    replaced = {gate.name for gate in own}
    return (*(gate for gate in used if gate.name not in replaced), *own)


def ready(name: str) -> Policy:
    """Return a ready policy; raise UsageError for a name that is none."""
    if name not in READY:
        raise UsageError(f"no policy {name!r}: there are {', '.join(READY)}, or name a file")
    return Policy(name, READY[name])


def fail_on(words: tuple[str, ...]) -> Policy:
    """Return the policy of `--fail-on`: severities, kinds, and `exploited`, `fixable`, `new`.

    Severities and kinds add up; `fixable`, `new` and `epss>=0.1` narrow every one of them.
    """
    severities = [w.upper() for w in words if w.upper() in SEVERITIES]
    kinds = [_KINDS[w] for w in words if w in _KINDS]
    narrow: dict[str, Any] = {"fixable": True} if "fixable" in words else {}
    narrow |= {"state": ("new",)} if "new" in words else {}
    for word in words:
        if match := re.fullmatch(r"epss>=?(0?\.\d+|[01])", word):
            narrow["epss"] = float(match[1])
    gates: list[Gate] = []
    if severities:
        least = min(severities, key=SEVERITIES.index)
        gates.append(FindingGate(name=f"{least} or worse", severity=least,
                                 on=("vulnerability", *(k for k in kinds if k != "vulnerability")),
                                 **narrow))  # fmt: skip
    elif kinds:
        gates.append(FindingGate(name=", ".join(kinds), on=tuple(kinds), **narrow))
    if "exploited" in words or "kev" in words:
        gates.append(FindingGate(name="exploited", exploited=True, **narrow))
    if "eol" in words:
        gates.append(ReportGate(name="end of life", end_of_life=False))
    if not gates:
        gates.append(FindingGate(name="any finding", on=tuple(dict.fromkeys(_KINDS.values())),
                                 **narrow))  # fmt: skip
    return Policy("--fail-on", tuple(gates))


def is_word(word: str) -> bool:
    """Tell whether `--fail-on` knows a word."""
    known = {*_KINDS, "exploited", "kev", "fixable", "new", "eol", "any"}
    return (
        word.upper() in SEVERITIES or word in known
        or re.fullmatch(r"epss>=?(0?\.\d+|[01])", word) is not None
    )  # fmt: skip


def _gate(entry: Any, where: str, number: int) -> Gate:
    if not isinstance(entry, Map):
        raise UsageError(f"{where}: gate {number} must be a mapping")
    keys = {key.replace("-", "_").replace("from", "origin"): key for key in entry}
    whole = set(ReportGate.__struct_fields__) - _SHARED
    kind: type[Gate] = ReportGate if whole & set(keys) else FindingGate
    values: dict[str, Any] = {"name": f"gate {number}"}
    for field, key in keys.items():
        if field not in kind.__struct_fields__:
            near = f"{where}:{entry.spans[key].start}"
            raise UsageError(f"{near}: {key!r} is no condition of such a gate")
        convert: Callable[[Any], Any] = _CONVERT.get(field, _text)
        try:
            values[field] = convert(entry[key])
        except (ValueError, TypeError) as error:
            near = f"{where}:{entry.spans[key].start}"
            raise UsageError(f"{near}: `{key}`: {error}") from None
    return FindingGate(**values) if kind is FindingGate else ReportGate(**values)


def _known(document: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(document) - keys):
        line = f":{document.spans[unknown[0]].start}" if isinstance(document, Map) else ""
        raise UsageError(f"{where}{line}: unknown key {unknown[0]!r}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(value: Any, key: str, where: str) -> tuple[str, ...]:
    try:
        return _list(value)
    except ValueError as error:
        raise UsageError(f"{where}: `{key}`: {error}") from None


def _list(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)) or not all(isinstance(v, str) for v in values):
        raise ValueError("must be a text or a list of texts")
    return tuple(values)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _count(value: Any) -> int:
    return int(_number(value))


def _days(value: Any) -> float:
    return _span(value, {"d": 1.0, "w": 7.0, "h": 1 / 24}, 1.0)


def _hours(value: Any) -> float:
    return _span(value, {"d": 24.0, "w": 168.0, "h": 1.0}, 1.0)


def _span(value: Any, units: dict[str, float], plain: float) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([dwh]?)", str(value))
    if isinstance(value, bool) or not match:
        raise ValueError(f"{value!r} is no duration (14d, 36h)")
    return float(match[1]) * units.get(match[2], plain)


def _size(value: Any) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)", str(value))
    if isinstance(value, bool) or not match or match[2].upper() not in _SIZES:
        raise ValueError(f"{value!r} is no size (500MB)")
    return int(float(match[1]) * _SIZES[match[2].upper()])


def _severity(value: Any) -> str:
    if str(value).upper() not in SEVERITIES:
        raise ValueError(f"{value!r} is none of {', '.join(SEVERITIES)}")
    return str(value).upper()


def _on(value: Any) -> tuple[str, ...]:
    for word in _list(value):
        if word not in _KINDS:
            raise ValueError(f"{word!r} is none of {', '.join(_KINDS)}")
    return tuple(_KINDS[word] for word in _list(value))


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return str(value)

    return convert


def _some_of(*allowed: str) -> Callable[[Any], tuple[str, ...]]:
    one = _one_of(*allowed)
    return lambda value: tuple(one(word) for word in _list(value))


def _action(value: Any, where: str) -> str:
    try:
        return _one_of("deny", "warn")(value)
    except ValueError as error:
        raise UsageError(f"{where}: `action`: {error}") from None


def _day(value: Any) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        raise ValueError(f"{value!r} is no day (YYYY-MM-DD)")
    return str(value)


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "action": _one_of("deny", "warn"), "on": _on, "severity": _severity, "fixable": _bool,
    "exploited": _bool, "epss": _number, "known_for": _days, "id": _list, "package": _list,
    "path": _list, "license": _list, "origin": _one_of("base", "app"),
    "state": _some_of("new", "disclosed", "unchanged"), "allow": _count, "until": _day,
    "base": _list, "base_pinned": _bool, "base_age": _days, "age": _days,
    "user": _one_of("non-root"), "size": _size,
    "end_of_life": _bool, "unchecked": _count, "database_age": _hours,
    "scanners": _some_of("vuln", "secret", "misconfig", "license"),
}  # fmt: skip
