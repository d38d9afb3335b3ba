"""OpenVEX 0.2.0 (https://github.com/openvex/spec): a statement for each flaw of the image.

What was judged away is `not_affected` with the reason; the rest is `affected`, with what to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import json

from pratique import __version__
from pratique.entries import url_of
from pratique.model.finding import Finding
from pratique.model.format import Format, Look
from pratique.model.purl import image_purl, purl
from pratique.model.report import Report
from pratique.model.settings import Settings

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_STATUSES = {"under_investigation": "under_investigation", "fixed": "affected"}


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document, its id made of its content."""
    statements = [statement for report in reports for statement in _statements(report)]
    digest = hashlib.sha256(json.encode(statements)).hexdigest()
    document = {
        "@context": _CONTEXT,
        "@id": f"https://openvex.dev/docs/pratique/vex-{digest}",
        "author": "Pratique",
        "role": "scanner",
        "timestamp": reports[0].created,
        "version": 1,
        "tooling": f"pratique {__version__}",
        "statements": statements,
    }
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _statements(report: Report) -> Iterator[dict[str, Any]]:
    """Yield one statement a flaw and status, about all packages that it is said of."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in (*report.findings, *report.suppressed):
        action = "" if finding.reason else _action(finding)
        groups.setdefault((finding.id, finding.reason, action), []).append(finding)
    product = _product(report)
    for (id, reason, action), findings in groups.items():
        parts = dict.fromkeys(purl(f.package, report.inventory.distro) for f in findings)
        statement: dict[str, Any] = {
            "vulnerability": {"@id": url_of(id), "name": id} | _aliases(findings[0]),
            "products": [product | {"subcomponents": [{"@id": url} for url in parts]}],
        }
        status = _STATUSES.get(findings[0].status, "affected")
        if reason:
            statement |= {"status": "not_affected", "impact_statement": reason}
        elif status == "affected":
            statement |= {"status": status, "action_statement": action}
        else:
            statement |= {"status": status}
        yield statement


def _action(finding: Finding) -> str:
    if finding.fixed:
        return f"Upgrade {finding.package.name} to {finding.fixed[0]}."
    return "There is no fixed version."


def _aliases(finding: Finding) -> dict[str, Any]:
    return {"aliases": list(finding.aliases)} if finding.aliases else {}


def _product(report: Report) -> dict[str, Any]:
    """Return the image as VEX documents name one: by digest in its repository."""
    image = report.image
    if image is None:
        return {"@id": f"file:{quote(report.name)}"}
    url = image_purl(image)
    return {"@id": url, "identifiers": {"purl": url}}


format = Format("openvex", render)
