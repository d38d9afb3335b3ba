"""GitLab's security reports, schema family 15.0: what container and dependency scanning share."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from pratique import __version__
from pratique.codecs.plaintext import cut, lines, printable
from pratique.model.entry import Entry

VERSION = "15.0.7"
_SCHEMAS = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
    f"v{VERSION}/dist/{{}}-report-format.json"
)
_MOST_IDENTIFIERS = 20
_TYPES = {"CVE": "cve", "GHSA": "ghsa", "RHSA": "rhsa", "USN": "usn", "ELSA": "elsa"}
_TOOL = {
    "id": "pratique", "name": "Pratique", "version": __version__, "vendor": {"name": "Pratique"},
}  # fmt: skip


def report(kind: str, vulnerabilities: Sequence[dict[str, Any]], created: str) -> dict[str, Any]:
    """Return a report of the given type (`container_scanning`, `dependency_scanning`)."""
    time = created.removesuffix("Z")
    scan = {"analyzer": _TOOL, "scanner": _TOOL, "type": kind, "start_time": time,
            "end_time": time, "status": "success"}  # fmt: skip
    return {
        "version": VERSION,
        "schema": _SCHEMAS.format(kind.replace("_", "-")),
        "scan": scan,
        "vulnerabilities": vulnerabilities,
        "remediations": [],
    }


def vulnerability(entry: Entry, location: dict[str, Any]) -> dict[str, Any]:
    """Return one vulnerability; its id is a UUID of its fingerprint, so that it stays the same."""
    links = [{"url": url} for url in dict.fromkeys((entry.url, *entry.references)) if _is_web(url)]
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{entry.fingerprint} {entry.version}")),
        "name": cut(printable(entry.title), 255),
        "description": cut(lines(entry.description or entry.message), 1_000_000),
        "severity": entry.severity.capitalize(),
        "solution": cut(printable(entry.advice or "No fixed version is known."), 7000),
        "identifiers": _identifiers(entry),
        "links": links,
        "location": location,
    }


def _identifiers(entry: Entry) -> list[dict[str, str]]:
    """Return the ids, the flaw's own first: GitLab tracks it by that."""
    ids = (entry.id, *(entry.finding.aliases if entry.finding else ()))
    found = []
    for id in ids[:_MOST_IDENTIFIERS]:
        kind = _TYPES.get(id.partition("-")[0], "osv")
        named = {"type": kind, "name": id, "value": id}
        found.append(named | ({"url": entry.url} if id == entry.id and _is_web(entry.url) else {}))
    return found


def _is_web(url: str) -> bool:
    return re.match(r"https?://[^\s]+$", url) is not None
