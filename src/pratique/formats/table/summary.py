"""The head of a report: what it is, how bad it is, what could not be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pratique.codecs.plaintext import printable
from pratique.formats.table.changes import what_to_change
from pratique.formats.table.counts import counted
from pratique.formats.table.grid import Style
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.report import Report
from pratique.model.settings import Settings

_MOST_EXPLOITED = 10
_MOST_PROBLEMS = 20
_MOST_ENDED = 10
_MOST_YEARS = 4


def summary(report: Report, chosen: Settings, style: Style) -> Iterator[str]:
    """Yield the lines above the table."""
    yield style.bold(printable(report.name))
    has_packages = "vuln" in chosen.scanners or "license" in chosen.scanners
    if facts := list(_facts(report, has_packages=has_packages)):
        yield "  " + " · ".join(facts)
    if report.base.layers:
        name = f"{report.base.name}, " if report.base.name else ""
        count = f"{report.base.layers} of {len(report.image.layers if report.image else ())}"
        yield f"  base: {printable(name)}the first {count} layers (told by {report.base.known_by})"
    yield from _end_of_life(report, style)
    if has_packages:
        yield f"  {_packages(report)}"
    if "vuln" in chosen.scanners:
        yield ""
        yield from _totals(report, style)
        yield from _unrated(report, style)
        yield from _exploited(report.findings, style)
        yield from what_to_change(report, chosen, style)
    yield from _against(report, style)
    yield from _further_down(report, style)
    yield from _problems(report, style)
    yield from _advisories(report, style)


def _facts(report: Report, *, has_packages: bool) -> Iterator[str]:
    distro = report.inventory.distro
    if distro:
        version = f" ({distro.version})" if distro.version not in distro.name else ""
        yield printable((distro.name or distro.id) + version)
    elif has_packages and report.image:
        yield "no distribution"
    if image := report.image:
        if image.platform:
            yield printable(image.platform)
        layers = len(image.layers)
        yield f"{_size(image.size)} in {layers} layer{'s' * (layers != 1)}"
        if age := _age(image, report.created):
            yield age


def _packages(report: Report) -> str:
    counts = Counter(package.type for package in report.inventory.packages)
    if not counts:
        return "no packages found"
    parts = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    total = sum(counts.values())
    if len(counts) > 1:
        return f"{total} packages: {parts}"
    return f"{parts} package{'s' * (total != 1)}"


def _end_of_life(report: Report, style: Style) -> Iterator[str]:
    ended, date = report.lifecycle.ended, report.lifecycle.date
    if ended:
        yield style.paint(
            f"  END OF LIFE since {date}: it gets no fixes, whatever is found", "1;31"
        )
    elif ended is None and report.inventory.distro:
        yield style.paint("  a release that is not known: it may get no fixes any more", "33")
    gone = sorted({f"{r.name} {r.version} (since {r.date})" for r in report.runtimes if r.ended})
    if gone:
        more = f" and {len(gone) - _MOST_ENDED} more" if len(gone) > _MOST_ENDED else ""
        shown = ", ".join(printable(name) for name in gone[:_MOST_ENDED])
        yield style.paint(f"  END OF LIFE: {shown}{more}", "1;31")


def _totals(report: Report, style: Style) -> Iterator[str]:
    findings = report.findings
    if not findings:
        if report.missing:
            text = f"  NOT CHECKED: advisories are missing for {', '.join(report.missing)}"
            yield style.paint(text, "1;31")
        doubt = " in what could be checked" if report.missing or report.problems else ""
        yield f"  No vulnerabilities found{doubt}." + _suppressed(report)
        return
    fixable = sum(bool(finding.fixed) for finding in findings)
    head = f"  {len(findings)} findings, {fixable} with a fix{_suppressed(report)}"
    base = [f for f in findings if 0 <= f.package.introduced < report.base.layers]
    rows = [(head, list(findings))]
    if report.base.layers:
        own = [f for f in findings if f.package.introduced >= report.base.layers]
        rows += [("    from the base image", base), ("    from your layers", own)]
    wide = max(len(label) for label, _ in rows) + 2
    names = list(reversed(SEVERITIES))
    yield " " * wide + "  ".join(style.severity(name) for name in names)
    for label, some in rows:
        yield label.ljust(wide) + _counts(some, names)


def _unrated(report: Report, style: Style) -> Iterator[str]:
    """Yield why severities are not known, where NVD's ratings of a year are not at hand."""
    unknown = [f for f in report.findings if f.severity == "UNKNOWN" and f.id.startswith("CVE-")]
    known = {shard.name for shard in report.shards}
    years = Counter(f.id[4:8] for f in unknown if f"CVE:{f.id[4:8]}" not in known)
    if not years:
        return
    most = [year for year, _ in years.most_common(_MOST_YEARS)]
    told = ", ".join(sorted(most)) + " and others" * (len(years) > len(most))
    yield style.dim(
        f"  {sum(years.values())} of UNKNOWN severity: NVD's ratings are not at hand for {told}; "
        f"`pratique db update --ecosystem CVE:{most[0]}` gets them by year"
    )


def _counts(findings: Iterable[Finding], names: list[str]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return "  ".join(str(counts[name] or "-").rjust(len(name)) for name in names)


def _suppressed(report: Report) -> str:
    count = len(report.suppressed)
    return f" ({count} suppressed: --show-suppressed)" if count else ""


def _exploited(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield what attackers are known to use, a line a flaw and package."""
    known = {(f.id, f.package.name, f.package.version): f for f in findings if f.exploited}
    if not known:
        return
    yield ""
    yield style.paint("  * Known to be exploited (CISA KEV)", "1;31")
    for finding in list(known.values())[:_MOST_EXPLOITED]:
        package = finding.package
        entry = finding.exploited
        fix = f" -> {finding.fixed[0]}" if finding.fixed else ", no fix"
        notes = f"since {entry.added}" if entry else ""
        notes += ", by ransomware" if entry and entry.ransomware else ""
        yield f"    {finding.id}  {printable(package.name)} {package.version}{fix}  ({notes})"
    if len(known) > _MOST_EXPLOITED:
        yield f"    and {len(known) - _MOST_EXPLOITED} more"


def _against(report: Report, style: Style) -> Iterator[str]:
    """Yield how the findings stand to the baseline."""
    if baseline := report.baseline:
        counts = Counter(baseline.states.values())
        yield ""
        yield style.bold(
            f"  Against {printable(baseline.name)}: {counts['new']} new, {counts['disclosed']} "
            f"disclosed since, {counts['unchanged']} unchanged, {len(baseline.fixed)} fixed"
        )


def _further_down(report: Report, style: Style) -> Iterator[str]:
    """Yield what else there is: it is listed below what may be a thousand findings."""
    found = {
        "secrets": counted(one for one in report.secrets if not one.reason),
        "misconfiguration": counted(f for one in report.examined for f in one.failures),
    }
    told = "; ".join(f"{name} {counts}" for name, counts in found.items() if counts)
    if told and report.findings:
        yield ""
        yield style.bold(f"  Further down: {told}")


def _problems(report: Report, style: Style) -> Iterator[str]:
    if not report.problems:
        return
    yield ""
    yield style.paint("  Not read or not judged", "33")
    for problem in report.problems[:_MOST_PROBLEMS]:
        layer = f" (layer #{problem.layer + 1})" if problem.layer >= 0 and report.image else ""
        where = f"{problem.where}{layer}: " if problem.where else ""
        yield f"    {printable(where + problem.what)}"
    if len(report.problems) > _MOST_PROBLEMS:
        yield f"    and {len(report.problems) - _MOST_PROBLEMS} more: -f json lists all"


def _advisories(report: Report, style: Style) -> Iterator[str]:
    if own := [shard for shard in report.shards if not shard.starter]:
        oldest = min(own, key=lambda shard: shard.built)
        records, size = sum(s.records for s in own), _size(sum(s.size for s in own))
        yield ""
        yield style.dim(
            f"  advisories: {len(own)} shards, {records:,} records, {size}; the oldest, "
            f"{oldest.name}, as of {oldest.built[:16].replace('T', ' ')}"
        )
    starters = [shard for shard in report.shards if shard.starter]
    if starters:
        families = dict.fromkeys(shard.name.partition(":")[0] for shard in starters)
        names = ", ".join(families)
        newest = max(shard.built[:10] for shard in starters)
        yield ""
        yield style.paint(
            f"  Small starter advisories, as of {newest}, were used for: {names}.\n"
            "  They are old and not complete: `pratique db update` where there is a network.", "33"
        )  # fmt: skip


def _age(image: Image, now: str) -> str:
    """Return when an image was built and how long ago that is."""
    built = str(image.config.get("created") or "")[:10]
    if len(built) != 10 or built.startswith(("0001", "1970")):
        return ""
    import datetime  # noqa: PLC0415

    try:
        days = (datetime.date.fromisoformat(now[:10]) - datetime.date.fromisoformat(built)).days
    except ValueError:
        return ""
    return f"built {built} ({days} days ago)" if days > 0 else f"built {built}"


def _size(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
