"""What somebody decided about a flaw, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from pratique.errors import UsageError
from pratique.model.finding import Finding
from pratique.model.purl import image_purl, purl
from pratique.model.report import Report
from pratique.model.vex import VexStatus

STATUSES: tuple[VexStatus, ...] = ("not_affected", "affected", "fixed", "under_investigation")
JUSTIFICATIONS = {
    "component_not_present": "the component is not in the product",
    "vulnerable_code_not_present": "the component is there, the code with the flaw is not",
    "vulnerable_code_not_in_execute_path": "the code is there and is never run",
    "vulnerable_code_cannot_be_controlled_by_adversary": "it runs, out of an attacker's reach",
    "inline_mitigations_already_exist": "something else in the product prevents its use",
}
"""https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-justifications."""


class Decision(Struct, frozen=True, kw_only=True):
    """What is said of a flaw; see `check` for what goes together."""

    status: VexStatus
    author: str
    moment: str
    """RFC 3339."""
    justification: str = ""
    impact: str = ""
    """Why it is not affected, in words."""
    action: str = ""
    """What who uses it is to do."""


class Subject(Struct, frozen=True):
    """A flaw in packages of an image, or of a project."""

    id: str
    aliases: tuple[str, ...]
    products: tuple[tuple[str, tuple[str, ...]], ...]
    """The purl of each image with those of its packages; of a project its packages alone, each a
    product without parts."""


def check(decision: Decision) -> None:
    """Raise UsageError for what does not go together, by the rules of OpenVEX."""
    status = decision.status
    excuses = decision.justification or decision.impact
    if decision.justification and decision.justification not in JUSTIFICATIONS:
        known = ", ".join(JUSTIFICATIONS)
        raise UsageError(f"--justification: {decision.justification!r} is none of {known}")
    if status == "not_affected" and not excuses:
        raise UsageError("not_affected needs a --justification, or an --impact in words")
    if status != "not_affected" and excuses:
        given = "--justification" if decision.justification else "--impact"
        raise UsageError(f"{given} is for not_affected, not for {status}")
    if status == "affected" and not decision.action:
        raise UsageError("affected needs an --action: what is to be done about it")
    if status != "affected" and decision.action:
        raise UsageError(f"--action is for affected, not for {status}")


def subject(
    reports: Sequence[Report], id: str, package: str = "", *, every_build: bool = False
) -> Subject:
    """Return what a decision about a flaw is about: what reports found of it, in some packages.

    `package` is a glob of `name` or `name@version`. Raises UsageError where nothing is found.
    """
    found = [(report, of(report, id, package)) for report in reports]
    every = [finding for _, findings in found for finding in findings]
    if not every:
        inside = f" in {package}" if package else ""
        raise UsageError(f"{reports[0].name}: there is no {id}{inside}", _near(reports, id))
    if every_build and not all(r.image and r.image.digests for r in reports):
        raise UsageError("--every-build is for images of a registry")
    products: dict[str, dict[str, None]] = {}
    for report, findings in found:
        parts = dict.fromkeys(purl(f.package, report.inventory.distro) for f in findings)
        if report.image and parts:
            name = image_purl(report.image, every_build=every_build)
            products.setdefault(name, {}).update(parts)
        elif parts:
            products |= {part: {} for part in parts}
    named = tuple((name, tuple(parts)) for name, parts in products.items())
    return Subject(every[0].id, every[0].aliases, named)


def of(report: Report, id: str, package: str = "") -> list[Finding]:
    """Return the findings of a flaw, by any of its ids; those that were judged away as well."""
    wanted = id.upper()
    return [
        finding for finding in (*report.findings, *report.suppressed)
        if wanted in {known.upper() for known in (finding.id, *finding.aliases)}
        and (not package or _is_named(finding, package))
    ]  # fmt: skip


def _is_named(finding: Finding, glob: str) -> bool:
    name = finding.package.name
    return any(fnmatchcase(one, glob) for one in (name, f"{name}@{finding.package.version}"))


def _near(reports: Sequence[Report], id: str) -> str:
    """Return where the flaw is, if it is anywhere."""
    names = dict.fromkeys(f.package.name for report in reports for f in of(report, id))
    return f"It is in {', '.join(names)}." if names else ""
