"""The section about licences: what needs attention, the rest in a line for each category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pratique.codecs.plaintext import printable
from pratique.formats.table.grid import Style, grid
from pratique.model.advisory import SEVERITIES
from pratique.model.license import LicenseFinding
from pratique.model.report import Report

_NONE = "unknown"
_MOST_NAMED = 4
_MOST_ROWS = 60
_ALWAYS = ("network-copyleft", "source-available", "non-commercial", "commercial", "unknown")
_IN_OWN = ("copyleft",)
_HEADER = ("LICENCE", "SEVERITY", "CATEGORY", "OF", "WHY IT IS HERE")


def licenses(report: Report, width: int, style: Style) -> Iterator[str]:
    """Yield what a policy denies, what asks for much, what is not known; then what else is."""
    counted = [one for one in report.licenses if not one.reason]
    of = {(one.type, one.package, one.version) for one in counted if one.package}
    files = {one.path for one in counted if not one.package}
    yield ""
    yield style.bold(f"Licences: {_told(len(of), len(files), report)}")
    groups: dict[tuple[str, ...], list[LicenseFinding]] = {}
    rest = []
    for one in counted:
        if why := _why(one, report):
            groups.setdefault((one.name, one.severity, one.category, why), []).append(one)
        else:
            rest.append(one)
    rows = [
        (name if name != _NONE else "(none stated)", severity, category, _named(found), why)
        for (name, severity, category, why), found in sorted(groups.items(), key=_order)
    ]
    if rows:
        yield from grid(_HEADER, rows[:_MOST_ROWS], width, style)
    if len(rows) > _MOST_ROWS:
        yield style.dim(f"  … and {len(rows) - _MOST_ROWS} more (all of them with -f json)")
    yield from _rest(rest, style)


def _told(packages: int, files: int, report: Report) -> str:
    if not report.licenses:
        return "none found"
    loose = f", {files} files" if files else ""
    accepted = sum(1 for one in report.licenses if one.reason)
    by_rule = f", {accepted} accepted by the policy" if accepted else ""
    return f"of {packages} package{'s' * (packages != 1)}{loose}{by_rule}"


def _why(one: LicenseFinding, report: Report) -> str:
    """Return why a licence needs attention; empty where it does not."""
    said = f"{one.verdict}: {one.rule}" if one.verdict in ("denied", "needs review") else ""
    own = one.layer >= report.base.layers or not report.image
    reason = said
    if not reason and one.category in _ALWAYS:
        reason = one.category.replace("-", " ")
        if one.category == "unknown":
            reason = "no licence is known" if one.name == _NONE else "not on SPDX's list"
    if not reason and one.category in _IN_OWN and own and report.base.layers:
        reason = "copyleft in your layers"
    elif not reason and one.category in _IN_OWN and one.type not in ("deb", "rpm", "apk"):
        reason = "copyleft"
    return "; ".join(filter(None, (reason, one.remark)))


def _order(item: tuple[tuple[str, ...], Sequence[LicenseFinding]]) -> tuple[object, ...]:
    (name, severity, category, why), found = item
    denied = 0 if why.startswith("denied") else 1 if why.startswith("needs review") else 2
    return denied, -SEVERITIES.index(severity), category, -len(found), name, why


def _named(found: Sequence[LicenseFinding]) -> str:
    names = dict.fromkeys(
        f"{one.package} {one.version}" if one.package else one.path for one in found
    )
    more = len(names) - _MOST_NAMED
    return ", ".join([*names][:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _rest(rest: Iterable[LicenseFinding], style: Style) -> Iterator[str]:
    by_category: dict[str, Counter[str]] = {}
    for one in rest:
        by_category.setdefault(one.category, Counter())[one.name] += 1
    for category, names in sorted(by_category.items(), key=lambda x: -x[1].total()):
        usual = ", ".join(f"{name} {count}" for name, count in names.most_common(_MOST_NAMED))
        more = len(names) - _MOST_NAMED
        tail = f" and {more} other licences" if more > 0 else ""
        yield style.dim(printable(f"  {category}: {names.total()} ({usual}{tail})"))
