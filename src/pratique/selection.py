"""Take findings out of a report that do not count now, each with the reason: none is dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from pratique.codecs.glob import compiled
from pratique.codecs.moments import days_between
from pratique.entries import license_entry, misconfiguration, secret_entry, vulnerability
from pratique.model.entry import Entry
from pratique.model.finding import Finding
from pratique.model.inventory import SYSTEM_TYPES, Inventory, Package
from pratique.model.misconfiguration import Examined
from pratique.model.report import Report
from pratique.model.settings import Settings

Reason = Callable[[Entry], str]
"""Tells why a finding does not count; an empty text where it does."""


def selected(report: Report, settings: Settings) -> Report:
    """Return a report narrowed as the settings ask: to one origin, to what is new, by age."""
    if settings.origin:
        report = without(report, lambda entry: _elsewhere(entry, settings.origin))
    if settings.only_new and report.baseline:
        report = without(report, lambda entry: _not_new(entry, report))
    if settings.min_age:
        report = without(report, lambda entry: _too_young(entry, report.created, settings.min_age))
    return report


def without(report: Report, reason: Reason) -> Report:
    """Return a report in which findings that have a reason are suppressed, with it."""
    judged = [
        replace(f, reason=reason(vulnerability(f, report)) or f.reason) for f in report.findings
    ]
    return replace(
        report,
        findings=tuple(f for f in judged if not f.reason),
        suppressed=(*report.suppressed, *(f for f in judged if f.reason)),
        secrets=tuple(
            s if s.reason else replace(s, reason=reason(secret_entry(s, report)))
            for s in report.secrets
        ),
        examined=tuple(_examined(one, report, reason) for one in report.examined),
        licenses=tuple(
            x if x.reason else replace(x, reason=reason(license_entry(x, report)))
            for x in report.licenses
        ),
    )


def _examined(one: Examined, report: Report, reason: Reason) -> Examined:
    judged = [replace(f, reason=reason(misconfiguration(f, report))) for f in one.failures]
    return replace(
        one,
        failures=tuple(f for f in judged if not f.reason),
        suppressed=(*one.suppressed, *(f for f in judged if f.reason)),
    )


def _elsewhere(entry: Entry, wanted: str) -> str:
    if entry.layer < 0 or entry.from_base == (wanted == "base"):
        return ""
    return "it comes from the base image" if entry.from_base else "it is not of the base image"


def _not_new(entry: Entry, report: Report) -> str:
    baseline = report.baseline
    assert baseline, "asked for with one alone"
    state = baseline.states.get(entry.fingerprint, "new")
    if state == "unchanged":
        return f"it is in {baseline.name} as well"
    return f"disclosed since {baseline.name}, in a package that is the same" * (state != "new")


def _too_young(entry: Entry, now: str, days: float) -> str:
    published = entry.finding.published if entry.finding else ""
    try:
        age = days_between(published, now)
    except ValueError:
        return ""
    return f"published {age:.0f} days ago, less than {days:g}" if age < days else ""


def selected_from(report: Report, settings: Settings) -> Report:
    """Return a report with the findings alone that the settings ask for."""
    return replace(
        report,
        findings=tuple(one for one in report.findings if is_wanted(one, settings)),
        suppressed=tuple(one for one in report.suppressed if is_wanted(one, settings)),
        examined=tuple(_of_severities(one, settings.severity) for one in report.examined),
        secrets=tuple(one for one in report.secrets if one.severity in settings.severity),
        licenses=tuple(one for one in report.licenses if one.severity in settings.severity),
    )


def _of_severities(one: Examined, wanted: Sequence[str]) -> Examined:
    return replace(
        one,
        failures=tuple(failure for failure in one.failures if failure.severity in wanted),
        suppressed=tuple(failure for failure in one.suppressed if failure.severity in wanted),
        held=tuple(check for check in one.held if check.severity in wanted),
    )


def asked_of(inventory: Inventory, settings: Settings) -> Inventory:
    """Return what the settings ask for of an inventory."""
    files = [compiled(glob) for glob in settings.skip_files]
    folders = [compiled(glob.rstrip("/") + "/**") for glob in settings.skip_dirs]
    skipped = (*files, *folders)
    packages = (one for one in inventory.packages if _is_selected(one, settings))
    if not skipped:
        return replace(inventory, packages=tuple(packages))

    def left(path: str) -> bool:
        return not any(matches(path) for matches in skipped)

    return replace(
        inventory,
        packages=tuple(one for one in packages if left(one.path)),
        secrets=tuple(one for one in inventory.secrets if left(one.path)),
        documents=tuple(one for one in inventory.documents if left(one.path)),
        modes=tuple(one for one in inventory.modes if left(one.path)),
        license_texts=tuple(one for one in inventory.license_texts if left(one.path)),
        problems=tuple(one for one in inventory.problems if left(one.where)),
    )


def _is_selected(package: Package, settings: Settings) -> bool:
    kind = "os" if package.type in SYSTEM_TYPES else "library"
    return kind in settings.pkg_types and (settings.include_dev_deps or not package.dev)


def is_wanted(finding: Finding, settings: Settings) -> bool:
    """Tell whether a finding is to be reported, by severity, fix and status."""
    return (
        finding.severity in settings.severity
        and not (settings.ignore_unfixed and not finding.fixed)
        and finding.status not in settings.ignore_status
    )
