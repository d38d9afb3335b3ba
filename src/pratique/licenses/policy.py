"""A user's policy on licences: allowed, denied, to be looked at, and packages that are excepted.

Entries are SPDX ids (an expression with WITH too) or categories; `denied` beats `allowed`, which
beats `review`. Where there is an `allowed` list, what no list names needs review.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from pratique.errors import UsageError
from pratique.licenses.categories import (
    CATEGORIES,
    CLASSES,
    category_of_license,
    class_of_license,
    strictest_class,
)
from pratique.licenses.evaluate import evaluate
from pratique.licenses.expressions import normalise
from pratique.model.license_policy import Exemption, Policy

VERDICTS = ("allowed", "", "needs review", "denied")
"""From the mildest to the strictest; empty where the policy is silent."""
_LISTS = ("allowed", "denied", "review")
_CLASS_LISTS = ("forbidden", "restricted", "reciprocal", "notice", "permissive", "unencumbered")
_OPTIONS = ("full", "ignored", "confidence-level", "confidenceLevel")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def read_policy(section: Any, where: str) -> Policy:
    """Return the policy of a section; raise UsageError naming what is none."""
    if not isinstance(section, dict):
        raise UsageError(f"{where}: `license` must be a mapping")
    known = {*_LISTS, *_CLASS_LISTS, *_OPTIONS, "exceptions"}
    if unknown := sorted({str(name) for name in section} - known):
        raise UsageError(f"{where}: license: unknown key {unknown[0]!r}")
    lists = {name: _entries(section, name, where) for name in (*_LISTS, *_CLASS_LISTS)}
    return Policy(
        lists["allowed"],
        lists["denied"],
        lists["review"],
        tuple((name, lists[name]) for name in _CLASS_LISTS if lists[name]),
        tuple(_exemption(entry, where) for entry in _list(section, "exceptions", where)),
    )


def options_of(section: Any) -> dict[str, Any]:
    """Return Trivy's keys of the section that are options of the command line too."""
    if not isinstance(section, dict):
        return {}
    names = {"full": "license_full", "ignored": "ignored_licenses",
             "confidence-level": "license_confidence_level",
             "confidenceLevel": "license_confidence_level"}  # fmt: skip
    return {names[key]: value for key, value in section.items() if key in names}


@lru_cache(maxsize=4096)
def verdict(expression: str, policy: Policy) -> tuple[str, str]:
    """Return what the policy says of an expression, and by which of its rules."""
    if not (policy.allowed or policy.denied or policy.review):
        return "", ""
    rank, rule = evaluate(expression, lambda leaf: _of_license(leaf, policy), min, max)
    return VERDICTS[rank], rule


@lru_cache(maxsize=4096)
def class_by(expression: str, policy: Policy) -> str:
    """Return Trivy's word for an expression, where the policy has lists of its own by these."""

    def rank(license_: str) -> int:
        for name, ids in policy.classes:
            if _names(license_, ids):
                return CLASSES.index(name)
        return CLASSES.index(class_of_license(license_))

    return CLASSES[evaluate(expression, rank, min, strictest_class)]


def exempted(
    package: str, version: str, expression: str, policy: Policy, today: str
) -> tuple[str, str]:
    """Return why a package's licence is accepted, and when that ended; both may be empty."""
    expired = ""
    for one in policy.exceptions:
        if (
            fnmatchcase(package, one.package)
            and one.version in ("", version)
            and one.license in ("", expression)
        ):
            if not one.until or today < one.until:
                return one.reason, ""
            expired = one.until
    return "", expired


def is_ignored(expression: str, ignored: tuple[str, ...]) -> bool:
    """Tell whether every licence of an expression is ignored, or one of its alternatives."""
    if not ignored:
        return False
    names = tuple(normalise(name) for name in ignored)
    return expression in ignored or evaluate(
        expression, lambda leaf: _names(leaf, (*ignored, *names)), any, all
    )


def _of_license(license_: str, policy: Policy) -> tuple[int, str]:
    kind = category_of_license(license_)
    for name, entries, said in (
        ("denied", policy.denied, "denied"),
        ("allowed", policy.allowed, "allowed"),
        ("review", policy.review, "needs review"),
    ):
        for entry in entries:
            if _names(license_, (entry,)) or entry == kind:
                return VERDICTS.index(said), f"license.{name}: {entry}"
    if policy.allowed:
        return VERDICTS.index("needs review"), f"license.allowed does not name {license_}"
    return VERDICTS.index(""), ""


def _names(license_: str, entries: tuple[str, ...]) -> bool:
    """Tell whether one of the entries is a licence; without an exception it is meant with all."""
    base = license_.partition(" WITH ")[0]
    return license_ in entries or base in entries or base.removeprefix("LicenseRef-") in entries


def _entries(section: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    words = []
    for entry in _list(section, name, where):
        if not isinstance(entry, str):
            raise UsageError(f"{where}: license.{name}: {entry!r} is no licence and no category")
        words.append(entry if entry in CATEGORIES else normalise(entry))
    return tuple(words)


def _list(section: dict[str, Any], name: str, where: str) -> list[Any]:
    value = section.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UsageError(f"{where}: license.{name} must be a list")
    return value


def _exemption(entry: Any, where: str) -> Exemption:
    place = f"{where}: license.exceptions"
    if not isinstance(entry, dict) or not isinstance(entry.get("package"), str):
        raise UsageError(f"{place}: each needs a `package`")
    if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
        raise UsageError(f"{place}: {entry['package']}: a `reason` is missing")
    until = str(entry.get("until") or "")[:10]
    if until and not _DATE.fullmatch(until):
        raise UsageError(f"{place}: {entry['package']}: {until!r} is no date")
    license_ = str(entry.get("license") or "")
    return Exemption(
        entry["package"], entry["reason"].strip(), str(entry.get("version") or ""),
        normalise(license_) if license_ else "", until,
    )  # fmt: skip
