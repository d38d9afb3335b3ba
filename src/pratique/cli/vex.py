"""`vex lint`: which statements say nothing about an image, and why."""

from __future__ import annotations

from msgspec.structs import replace

from pratique.cli.judging import statements_of
from pratique.cli.parser import Asked
from pratique.codecs.plaintext import printable
from pratique.model.report import Report
from pratique.model.vex import Statement
from pratique.saved import read_report
from pratique.vex import apply

_UNUSED = 1


def run(asked: Asked) -> int:
    """Print each statement that matched nothing, with the reason; status 1 where there is one."""
    statements = statements_of(asked.words["documents"])
    reports = [_all_of(report) for report in read_report(asked.words["report"])]
    used = {number for report in reports for number in apply(report, statements).used}
    idle = [s for number, s in enumerate(statements) if number not in used]
    for statement in idle:
        name = next(iter(statement.flaws), "a flaw without a name")
        why = _why(statement, reports)
        print(printable(f"{statement.where}: {name} ({statement.status}): {why}"))
    total = len(statements)
    print(f"{total} statement{'s' * (total != 1)}, {total - len(idle)} about {reports[0].name}")
    return _UNUSED if idle else 0


def _all_of(report: Report) -> Report:
    """Return a report whose suppressed findings count: a statement may be what suppressed them."""
    again = tuple(replace(finding, reason="") for finding in report.suppressed)
    return replace(report, findings=(*report.findings, *again), suppressed=())


def _why(statement: Statement, reports: list[Report]) -> str:
    found = [
        finding for report in reports for finding in report.findings
        if {finding.id, *finding.aliases} & set(statement.flaws)
    ]  # fmt: skip
    if not statement.flaws:
        return "it names no flaw"
    if not statement.products:
        return "it names no product"
    if not found:
        return "no finding is of this flaw"
    names = [name for product in statement.products for name in (*product.parts, *product.ids)]
    if not any(name.startswith("pkg:") for name in names):
        return "its products are named by no purl"
    packages = dict.fromkeys(f"{f.package.name} {f.package.version}" for f in found)
    return f"the finding is in {', '.join(packages)}, the statement about {', '.join(names[:3])}"
