"""Results of class `secret`: one for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pratique.formats.json.parts import code, layer, without_nothing
from pratique.model.report import Report
from pratique.model.secret import Secret
from pratique.model.settings import Settings


def results(report: Report, chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield a result for each file with secrets, in the order of the paths."""
    by_path: dict[str, list[Secret]] = {}
    for secret in report.secrets:
        by_path.setdefault(secret.path, []).append(secret)
    for path in sorted(by_path):
        suppressed = [s for s in by_path[path] if s.reason] if chosen.show_suppressed else ()
        result = without_nothing({
            "Target": path,
            "Class": "secret",
            "Secrets": [secret_finding(s, report) for s in by_path[path] if not s.reason],
            "ExperimentalModifiedFindings": [
                {"Type": "secret", "Status": "ignored", "Statement": s.reason,
                 "Source": "pratique", "Finding": secret_finding(s, report)}
                for s in suppressed
            ],
        })  # fmt: skip
        if len(result) > 2:
            yield result


def secret_finding(secret: Secret, report: Report) -> dict[str, Any]:
    own = {
        "Mark": secret.mark,
        "RemovedIn": layer(report.image, secret.removed),
        "Verified": secret.verified,
    }
    return without_nothing({
        "RuleID": secret.rule,
        "Category": secret.category,
        "Severity": secret.severity,
        "Title": secret.title,
        "StartLine": secret.line,
        "EndLine": secret.end_line,
        "Code": code((secret.match,), secret.line),
        "Match": secret.match,
        "Layer": layer(report.image, secret.layer),
        "Pratique": without_nothing(own),
    })  # fmt: skip
