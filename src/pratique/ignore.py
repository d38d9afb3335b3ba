"""Judge findings by an ignore file: `.trivyignore`, or its YAML form with scopes and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pratique.errors import UsageError
from pratique.model.finding import Finding
from pratique.model.purl import purl
from pratique.model.secret import Secret


class Rule(Struct, frozen=True):
    """One finding that is not to count, where and until when."""

    id: str
    until: str = ""
    """The first day, `YYYY-MM-DD`, on which it no longer applies."""
    paths: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    statement: str = ""


class Rules(Struct, frozen=True):
    """The rules of a file, and the lines that are none."""

    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()


def read_lines(text: str, where: str) -> Rules:
    """Return the rules of a `.trivyignore`: an id a line, `exp:YYYY-MM-DD` after it if any.

    As Trivy does, a line with a broken date is dropped, with a warning.
    """
    rules, warnings = [], []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        until = words[1].removeprefix("exp:") if words[1:] and words[1].startswith("exp:") else ""
        if words[1:] and words[1].startswith("exp:") and not _is_date(until):
            warnings.append(f"{where}:{number}: {words[1]!r} is no date: the line is ignored")
            continue
        rules.append(Rule(words[0], until))
    return Rules(tuple(rules), tuple(warnings))


def read_yaml(text: str, where: str) -> Rules:
    """Return the rules of a `.trivyignore.yaml`; raise UsageError where it is not one."""
    import yaml  # noqa: PLC0415 - 20 ms

    try:
        document = yaml.safe_load(text) or {}
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{where}: no YAML: {error}".replace("\n", " ")) from error
    if not isinstance(document, dict):
        raise UsageError(f"{where}: must have lists such as `vulnerabilities:`")
    entries: list[Any] = []
    for key in ("vulnerabilities", "secrets"):
        listed = document.get(key) or []
        if not isinstance(listed, list):
            raise UsageError(f"{where}: `{key}` must be a list")
        entries += listed
    return Rules(tuple(_rule(entry, where) for entry in entries))


def judge(
    findings: Sequence[Finding], rules: Sequence[Rule], target: str, today: str
) -> Iterator[Finding]:
    """Yield the findings, those that a rule names with the status `not_affected` and a reason.

    Expired rules do not apply. A rule's id may be any id of the flaw.
    """
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        if not rule.until or today < rule.until:
            by_id.setdefault(rule.id, []).append(rule)
    for finding in findings:
        named = (r for id in (finding.id, *finding.aliases) for r in by_id.get(id, ()))
        chosen = next((r for r in named if _applies(r, finding, target)), None)
        yield replace(finding, reason=_reason(chosen)) if chosen else finding


def judge_secrets(
    secrets: Sequence[Secret], rules: Sequence[Rule], target: str, today: str
) -> Iterator[Secret]:
    """Yield the secrets, those that a rule names by the id of theirs with a reason."""
    current = [rule for rule in rules if not rule.until or today < rule.until]
    for secret in secrets:
        paths = (target, secret.path)
        named = (
            rule
            for rule in current
            if rule.id == secret.rule and not rule.purls and _is_in(rule.paths, paths)
        )
        chosen = next(named, None)
        yield replace(secret, reason=_reason(chosen)) if chosen else secret


def _reason(rule: Rule) -> str:
    return f"ignored: {rule.statement}" if rule.statement else "ignored by the ignore file"


def _applies(rule: Rule, finding: Finding, target: str) -> bool:
    package = finding.package
    paths = (target, package.path, f"{package.path}/{package.inner}")
    if not _is_in(rule.paths, paths):
        return False
    return not rule.purls or any(_same(wanted, purl(package)) for wanted in rule.purls)


def _is_in(globs: Sequence[str], paths: Sequence[str]) -> bool:
    return not globs or any(_glob(glob).fullmatch(path) for glob in globs for path in paths)


def _same(wanted: str, purl: str) -> bool:
    """Compare purls: a wanted one without a version stands for all of them."""
    plain = purl.partition("?")[0]
    name = plain.rpartition("@")[0] or plain
    return wanted.partition("?")[0] in (plain, name)


def _glob(glob: str) -> re.Pattern[str]:
    parts = re.findall(r"\*\*/?|\*|\?|[^*?]+", glob)
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part) or re.escape(part) for part in parts), re.DOTALL)


def _rule(entry: Any, where: str) -> Rule:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise UsageError(f"{where}: each entry needs an `id`")
    until = str(entry.get("expired_at") or "")[:10]
    if until and not _is_date(until):
        raise UsageError(f"{where}: {entry['id']}: {until!r} is no date")
    return Rule(
        entry["id"], until, _texts(entry, "paths", where), _texts(entry, "purls", where),
        str(entry.get("statement") or ""),
    )  # fmt: skip


def _texts(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{where}: {entry['id']}: `{key}` must be a list of texts")
    return tuple(value)


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text) is not None
