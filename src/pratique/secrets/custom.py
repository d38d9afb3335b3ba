"""Read the user's rules and exceptions: `trivy-secret.yaml`, or ours with the same keys."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any

from pratique.errors import MalformedError, UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.secret_rule import SecretRule
from pratique.secrets.go_pattern import translated
from pratique.secrets.ruleset import Ruleset, builtin
from pratique.secrets.sought import Allow, Sought

DEFAULTS = ("pratique-secret.yaml", "trivy-secret.yaml")
_KEYS = {
    "rules", "allow-rules", "exclude-block", "enable-builtin-rules", "disable-rules",
    "disable-allow-rules",
}  # fmt: skip
_OF_RULE = {
    "id", "category", "title", "severity", "regex", "keywords", "path", "secret-group-name",
    "allow-rules", "exclude-block",
}  # fmt: skip
_OF_ALLOW = {"id", "description", "regex", "path"}


class Custom:
    """What a file changes about the rules; nothing where there is no file."""

    def __init__(self, path: str = "", data: bytes = b"") -> None:
        """Read a file's content; raise UsageError naming file, rule and reason where it is bad."""
        self.digest = hashlib.sha256(data).hexdigest() if data else ""
        self._where = path
        document = _document(data, path) if data else {}
        _check_keys(document, _KEYS, path)
        self._own = [self._rule(entry) for entry in _list(document, "rules", path)]
        self._allows = tuple(
            self._allow(entry, path) for entry in _list(document, "allow-rules", path)
        )
        self._excluded = self._blocks(document, path)
        self._enabled = frozenset(_texts(document, "enable-builtin-rules", path))
        self._disabled = frozenset(_texts(document, "disable-rules", path))
        self._not_excused = frozenset(_texts(document, "disable-allow-rules", path))

    def ruleset(self) -> Ruleset:
        """Return our rules, as far as they are switched on, and the user's."""
        ours = (rule for rule in builtin() if not self._enabled or rule.name in self._enabled)
        sought = [*map(Sought, ours), *self._own]
        return Ruleset(
            [one for one in sought if one.rule.name not in self._disabled],
            [allow for allow in self._allows if allow.name not in self._not_excused],
            self._excluded,
            self._not_excused,
        )

    def _rule(self, entry: Any) -> Sought:
        name = str(entry.get("id") or "") if isinstance(entry, dict) else ""
        if not name:
            raise UsageError(f"{self._where}: each rule needs an `id`")
        where = f"{self._where}: rule {name}"
        _check_keys(entry, _OF_RULE, where)
        severity = str(entry.get("severity") or "UNKNOWN").upper()
        if severity not in SEVERITIES:
            raise UsageError(f"{where}: severity {severity!r} is none of {', '.join(SEVERITIES)}")
        if not entry.get("regex"):
            raise UsageError(f"{where}: it needs a `regex`")
        group = str(entry.get("secret-group-name") or "")
        pattern = _translated(str(entry["regex"]), where, group)
        return Sought(
            SecretRule(
                name, str(entry.get("category") or "Custom"), str(entry.get("title") or name),
                severity, pattern, tuple(word.lower() for word in _texts(entry, "keywords", where)),
            ),
            path=_path(entry, where),
            allows=tuple(self._allow(one, where) for one in _list(entry, "allow-rules", where)),
            excluded=self._blocks(entry, where),
            is_own=True,
        )  # fmt: skip

    def _allow(self, entry: Any, where: str) -> Allow:
        if not isinstance(entry, dict) or not (entry.get("regex") or entry.get("path")):
            raise UsageError(f"{where}: an allow rule needs a `regex` or a `path`")
        _check_keys(entry, _OF_ALLOW, where)
        name = str(entry.get("id") or "")
        regex = entry.get("regex")
        compiled = re.compile(_translated(str(regex), where).encode()) if regex else None
        return Allow(name, compiled, _path(entry, where))

    def _blocks(self, entry: dict[str, Any], where: str) -> tuple[re.Pattern[bytes], ...]:
        block = entry.get("exclude-block") or {}
        if not isinstance(block, dict):
            raise UsageError(f"{where}: `exclude-block` must have `regexes`")
        texts = _texts(block, "regexes", where)
        return tuple(re.compile(_translated(text, where).encode()) for text in texts)


def read(path: str) -> Custom:
    """Return what a file says, or the default file where none is named and there is one."""
    named = path or next((name for name in DEFAULTS if os.path.isfile(name)), "")
    if not named:
        return Custom()
    try:
        with open(named, "rb") as file:
            return Custom(named, file.read())
    except OSError as error:
        raise UsageError(f"{named}: cannot be read: {error.strerror}") from error


def _document(data: bytes, where: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - 20 ms, only where there is a file

    try:
        document = yaml.safe_load(data) or {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{where}: no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{where}: must have keys such as `rules` or `allow-rules`")
    return document


def _check_keys(entry: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(str(key) for key in entry if key not in known):
        raise UsageError(f"{where}: unknown key {unknown[0]!r}")


def _list(entry: dict[str, Any], key: str, where: str) -> list[Any]:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise UsageError(f"{where}: `{key}` must be a list")
    return value


def _texts(entry: dict[str, Any], key: str, where: str) -> Iterator[str]:
    return (str(item) for item in _list(entry, key, where))


def _path(entry: dict[str, Any], where: str) -> re.Pattern[str] | None:
    text = entry.get("path")
    return re.compile(_translated(str(text), where)) if text else None


def _translated(text: str, where: str, group: str = "") -> str:
    try:
        return translated(text, group)
    except MalformedError as error:
        raise UsageError(f"{where}: {error.reason}") from error
