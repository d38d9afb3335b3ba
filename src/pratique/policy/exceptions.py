"""What a policy asks of exceptions: that each says why, whose it is, until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pratique.ignore import is_over
from pratique.model.ignore_rule import Rule
from pratique.model.policy import Breach
from pratique.model.report import Report

FIELDS = {
    "reason": "statement", "owner": "owner", "expires": "until", "ticket": "ticket",
    "approver": "approver", "scope": "scope",
}  # fmt: skip
"""As they are written in `pratique.yaml`, and of a rule."""
NAME = "exceptions"
OPTION = "--require-justification"
"""The policy of that name says nothing of findings."""
_UNEXPLAINED = "ignored by "
"""What the reason of a finding begins with where its rule or comment gives none."""
_MOST_NAMED = 5


def breaches_of_exceptions(report: Report, required: Sequence[str]) -> Iterator[Breach]:
    """Yield a breach that names the exceptions which lack what is required of them.

    Those that excuse anything in the report are looked at, comments in files and exceptions of
    an attested report as well, of which the reason alone is known.
    """
    lacking = [*_rules(report, required)]
    if "reason" in required:
        known = {rule.where for rule in report.applied}
        lacking += [text for text in _unexplained(report) if text not in known]
    lacking = list(dict.fromkeys(lacking))
    if not lacking:
        return
    named = ", ".join(lacking[:_MOST_NAMED])
    more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    count = f"{len(lacking)} exception{'s' * (len(lacking) != 1)}"
    verb = "lacks" if len(lacking) == 1 else "lack"
    yield Breach(NAME, "deny", f"{count} {verb} what the policy requires: {named}{more}",
                 f"state {', '.join(required)} of each, or remove it")  # fmt: skip


def _rules(report: Report, required: Sequence[str]) -> Iterator[str]:
    for rule in report.applied:
        missing = [name for name in required if not getattr(rule, FIELDS[name])]
        if missing and not is_over(rule, report):
            yield f"{_name(rule)} (no {', no '.join(missing)})"


def _unexplained(report: Report) -> Iterator[str]:
    """Yield where those exceptions stand that give no reason for what they excuse."""
    reasons = [finding.reason for finding in report.suppressed]
    reasons += [secret.reason for secret in report.secrets]
    reasons += [found.reason for found in report.licenses]
    reasons += [failure.reason for one in report.examined for failure in one.suppressed]
    for reason in reasons:
        if reason.startswith(_UNEXPLAINED):
            yield reason.removeprefix(_UNEXPLAINED).partition(" (")[0]


def _name(rule: Rule) -> str:
    what = rule.id or rule.package or next(iter((*rule.paths, *rule.purls)), rule.layer)
    return f"{what} in {rule.where}" if rule.where else what
