"""Let a policy in Rego judge a report's findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from pratique.custom.ignore_policy import Policy
from pratique.formats.json import vulnerability
from pratique.formats.json.licenses import license_finding
from pratique.formats.json.misconfigurations import misconfiguration
from pratique.formats.json.secrets import secret_finding
from pratique.model.finding import Finding
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.report import Report
from pratique.model.secret import Secret

T = TypeVar("T", Finding, Secret, LicenseFinding, Misconfiguration)


def apply(report: Report, path: str) -> Report:
    """Return a report in which what the policy of a file ignores has that for its reason.

    Raises UsageError where the policy cannot be read or evaluated.
    """
    policy = Policy(path)
    reason = f"ignored by {path}"

    def judged(one: T, kind: str, written: Callable[[T], dict[str, Any]]) -> T:
        ignored = not one.reason and policy.ignores({**written(one), "Type": kind})
        return replace(one, reason=reason) if ignored else one

    def of_file(file: Examined) -> Examined:
        failures = [
            judged(one, "misconfiguration", lambda x: misconfiguration(x, report))
            for one in file.failures
        ]
        left = tuple(one for one in failures if not one.reason)
        gone = tuple(one for one in failures if one.reason)
        return replace(file, failures=left, suppressed=(*file.suppressed, *gone))

    findings = [
        judged(one, "vulnerability", lambda x: vulnerability(x, report)) for one in report.findings
    ]
    return replace(
        report,
        findings=tuple(one for one in findings if not one.reason),
        suppressed=(*report.suppressed, *(one for one in findings if one.reason)),
        examined=tuple(of_file(file) for file in report.examined),
        secrets=tuple(
            judged(one, "secret", lambda x: secret_finding(x, report)) for one in report.secrets
        ),
        licenses=tuple(judged(one, "license", license_finding) for one in report.licenses),
    )
