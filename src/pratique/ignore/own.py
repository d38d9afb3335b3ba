"""Read the `ignore:` list of `pratique.yaml`: the one that names package, layer and owner too."""

from __future__ import annotations

import re

from pratique.codecs.yamltext import Map, Node, text
from pratique.errors import UsageError
from pratique.ignore.files import is_date, mapping_of, texts_of
from pratique.model.ignore_rule import Rule

_NAMES = ("id", "package", "path", "purl", "layer")
_KEYS = (*_NAMES, "scope", "reason", "expires", "owner", "approver", "ticket")
_LAYER = re.compile(r"base|\d+|sha256:[0-9a-f]+")


def read_own(text: str, where: str) -> tuple[Rule, ...]:
    """Return the rules of a configuration file; raise UsageError with a line for a broken one.

    An entry needs one of id, package, path, purl and layer; what it names must all be so.
    """
    if not re.search(r"^[\"']?ignore[\"']?\s*:", text, re.MULTILINE):
        return ()
    document = mapping_of(text, where) or Map()
    entries = document.get("ignore", "")
    if entries in ("", "null", "~"):
        return ()
    if not isinstance(entries, list):
        raise UsageError(f"{where}:{document.lines['ignore']}: `ignore` must be a list")
    return tuple(_rule(entry, where, document.lines["ignore"]) for entry in entries)


def _rule(entry: Node, where: str, near: int) -> Rule:
    if not isinstance(entry, Map):
        raise UsageError(f"{where}:{near}: each entry of `ignore` is a mapping with an `id`")
    line = min(entry.lines.values(), default=near)
    for key in entry:
        if key not in _KEYS:
            raise UsageError(
                f"{where}:{entry.lines[key]}: {key!r} is none of {', '.join(_KEYS)}"
            )  # fmt: skip
    if not any(text(entry.get(key)) or isinstance(entry.get(key), list) for key in _NAMES):
        raise UsageError(f"{where}:{line}: an entry needs one of {', '.join(_NAMES)}")
    return Rule(
        _one(entry, "id", where), _matching(entry, "expires", where, is_date, "a day, YYYY-MM-DD"),
        _some(entry, "path", where), _some(entry, "purl", where), _one(entry, "reason", where),
        package=_one(entry, "package", where), owner=_one(entry, "owner", where),
        layer=_matching(entry, "layer", where, _LAYER.fullmatch, "a number, a digest or `base`"),
        ticket=_one(entry, "ticket", where), where=f"{where}:{line}",
        scope=_some(entry, "scope", where), approver=_one(entry, "approver", where),
    )  # fmt: skip


def _one(entry: Map, key: str, where: str) -> str:
    if not isinstance(entry.get(key, ""), str):
        raise UsageError(f"{where}:{entry.lines[key]}: `{key}` must be a text")
    return text(entry.get(key))


def _some(entry: Map, key: str, where: str) -> tuple[str, ...]:
    one = entry.get(key)
    return ((text(one),) if text(one) else ()) if isinstance(one, str) else texts_of(
        entry, key, where
    )  # fmt: skip


def _matching(entry: Map, key: str, where: str, fits: object, expected: str) -> str:
    value = _one(entry, key, where)
    if value and not (callable(fits) and fits(value)):
        raise UsageError(f"{where}:{entry.lines[key]}: `{key}` is {expected}, not {value!r}")
    return value
