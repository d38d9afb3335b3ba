"""The rules of the user: where they are read from, and what is said of those of no use."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pratique.cli.parser import Asked
from pratique.config import FILE
from pratique.errors import UsageError
from pratique.model.entry import LOOKED_FOR
from pratique.model.ignore_rule import Rule
from pratique.model.report import Report
from pratique.model.settings import Settings

_MOST = 8


def rules_of(asked: Asked) -> Sequence[Rule]:
    """Return the rules of the ignore file and of the configuration; the default ones may be absent.

    Raises UsageError where one is broken or, being asked for, not there.
    """
    config = asked.words.get("config") or ""
    text = _text(config or FILE, optional=not config)
    own: tuple[Rule, ...] = ()
    if "ignore" in text:
        from pratique.ignore.own import read_own  # noqa: PLC0415 - YAML's parser, of few

        own = read_own(text, config or FILE)
    return (*own, *_of_file(asked.settings.ignorefile))


def _of_file(path: str) -> Sequence[Rule]:
    if not path:
        return ()
    text = _text(path, optional=path == Settings().ignorefile)
    if not text:
        return ()
    from pratique.ignore.files import read_lines, read_yaml  # noqa: PLC0415 - of few

    is_yaml = path.endswith((".yaml", ".yml"))
    found = read_yaml(text, path) if is_yaml else read_lines(text, path)
    for warning in found.warnings:
        _say(warning)
    return found.rules


def _text(path: str, *, optional: bool) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        if not optional:
            raise UsageError(f"{path}: no such ignore file") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error


def note(rules: Sequence[Rule], reports: Sequence[Report], chosen: Settings) -> None:
    """Say once which rules are over, and which ones matched nothing."""
    if chosen.quiet or not rules:
        return
    from pratique.ignore import expired, unused  # noqa: PLC0415 - for those who have rules

    if over := expired(reports):
        _say(f"ignored no longer: {_listed([f'{_name(r)} (until {r.until})' for r in over])}")
    scanned = [LOOKED_FOR[name] for name in chosen.scanners]
    if idle := unused(rules, reports, scanned):
        _say(f"{len(idle)} rule{'s' * (len(idle) != 1)} to ignore matched nothing: "
             f"{_listed([_name(rule) for rule in idle])}")  # fmt: skip


def _name(rule: Rule) -> str:
    what = rule.id or rule.package or next(iter((*rule.paths, *rule.purls)), rule.layer)
    return f"{what} ({rule.where})" if rule.where else what


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _say(text: str) -> None:
    print(f"pratique: {' '.join(text.split())}", file=sys.stderr)
