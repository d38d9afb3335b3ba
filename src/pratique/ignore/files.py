"""Read Trivy's ignore files: `.trivyignore`, and its YAML form with scopes and reasons."""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.codecs.yamltext import Map, Node, items, read_documents, text
from pratique.errors import MalformedError, UsageError
from pratique.model.entry import Kind
from pratique.model.ignore_rule import Rule

_SECTIONS: dict[str, Kind] = {
    "vulnerabilities": "vulnerability", "misconfigurations": "misconfiguration",
    "secrets": "secret", "licenses": "license",
}  # fmt: skip


class Rules(Struct, frozen=True):
    """The rules of a file, and the lines that are none."""

    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()


def read_lines(text: str, where: str) -> Rules:
    """Return the rules of a `.trivyignore`: an id a line, `exp:YYYY-MM-DD` after it if any.

    As Trivy does, a line with a broken date is dropped, with a warning; an id is for all kinds of
    findings.
    """
    rules, warnings = [], []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        until = words[1].removeprefix("exp:") if words[1:] and words[1].startswith("exp:") else ""
        if words[1:] and words[1].startswith("exp:") and not is_date(until):
            warnings.append(f"{where}:{number}: {words[1]!r} is no date: the line is ignored")
            continue
        rules.append(Rule(words[0], until, where=f"{where}:{number}"))
    return Rules(tuple(rules), tuple(warnings))


def read_yaml(text: str, where: str) -> Rules:
    """Return the rules of a `.trivyignore.yaml`; raise UsageError where it is not one.

    Sections and keys that are not known are named as warnings: Trivy passes over them.
    """
    document = mapping_of(text, where)
    if document is None:
        return Rules()
    warnings = [
        f"{where}:{document.lines[key]}: {key!r} is none of {', '.join(_SECTIONS)}: passed over"
        for key in document
        if key not in _SECTIONS
    ]
    rules = []
    for section, kind in _SECTIONS.items():
        entries = document.get(section, "")
        if not isinstance(entries, list) and entries not in ("", "null", "~"):
            raise UsageError(f"{where}:{document.lines[section]}: `{section}` must be a list")
        rules += [_rule(entry, kind, where, document.lines[section]) for entry in items(entries)]
    return Rules(tuple(rules), tuple(warnings))


def mapping_of(text: str, where: str) -> Map | None:
    """Return the mapping that a YAML file is; None for an empty one; else raise UsageError."""
    try:
        [document, *_] = read_documents(text.encode(), where) or [""]
    except MalformedError as error:
        raise UsageError(f"{where}: no YAML: {error.reason}") from error
    if isinstance(document, Map):
        return document
    if document in ("", "null", "~"):
        return None
    raise UsageError(f"{where}: must have lists such as `vulnerabilities:`")


def _rule(entry: Node, kind: Kind, where: str, near: int) -> Rule:
    if not isinstance(entry, Map) or not text(entry.get("id")):
        line = min(entry.lines.values(), default=near) if isinstance(entry, Map) else near
        raise UsageError(f"{where}:{line}: each entry needs an `id`")
    id = text(entry["id"])
    line = entry.lines["id"]
    until = text(entry.get("expired_at"))[:10]
    if until and not is_date(until):
        raise UsageError(f"{where}:{entry.lines['expired_at']}: {id}: {until!r} is no date")
    return Rule(
        id, until, texts_of(entry, "paths", where), texts_of(entry, "purls", where),
        text(entry.get("statement")), (kind,), where=f"{where}:{line}",
    )  # fmt: skip


def texts_of(entry: Map, key: str, where: str) -> tuple[str, ...]:
    """Return the texts that a key lists; raise UsageError where they are none."""
    value = entry.get(key, "")
    if value in ("", "null", "~"):
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{where}:{entry.lines[key]}: `{key}` must be a list of texts")
    return tuple(str(item) for item in value)


def is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text) is not None
