"""Ruby gems that are installed: their specifications, which are Ruby source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_STRING = r"""(?:"([^"\n]{0,200})"|'([^'\n]{0,200})'|%[qQ]?[{(\[<]([^})\]>\n]{0,200})[})\]>])"""
_ASSIGNED = r"^[ \t]*+\w++\.{}[ \t]*+=[ \t]*+"
_STUB = re.compile(r"^# stub: (\S+) (\S+)", re.MULTILINE)
_NAME = re.compile(_ASSIGNED.format("name") + _STRING, re.MULTILINE)
_VERSION = re.compile(
    _ASSIGNED.format("version") + r"(?:Gem::Version\.new[ (]*+)?" + _STRING, re.MULTILINE
)
_LICENSES = re.compile(_ASSIGNED.format("licenses?") + r"(\[[^\]]*\]|[^\n]+)", re.MULTILINE)
_ANY_STRING = re.compile(_STRING)


def _analyze(file: File) -> Iterator[Package]:
    text = file.read().decode("utf-8", "replace")
    name, version = _identity(text)
    if not name or not version:
        raise MalformedError("gem specification without a literal name and version", file.path)
    yield Package(file.path, "gemspec", "gem", name, version, licenses=_licenses(text))


def _identity(text: str) -> tuple[str, str]:
    # RubyGems trusts the stub line itself; specifications of default gems may lack it
    stub = _STUB.search(text)
    if stub:
        return stub[1], stub[2]
    return _literal(_NAME.search(text)), _literal(_VERSION.search(text))


def _licenses(text: str) -> tuple[str, ...]:
    found = _LICENSES.search(text)
    names = (_literal(match) for match in _ANY_STRING.finditer(found[1])) if found else ()
    return tuple(dict.fromkeys(name for name in names if name))


def _literal(match: re.Match[str] | None) -> str:
    return next((group for group in match.groups() if group), "") if match else ""


gemspec = Analyzer(
    "gemspec", 1, ("specifications/*.gemspec", "specifications/default/*.gemspec"), _analyze
)
