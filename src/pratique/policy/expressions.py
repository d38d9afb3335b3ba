"""CEL expressions (https://cel.dev) of gates, over a finding and the report that it is in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pratique.errors import UsageError
from pratique.model.entry import Entry
from pratique.model.report import Report


def expression(text: str, gate: str, report: Report) -> Callable[[Entry | None], bool]:
    """Return an expression as a function of findings of a report; none: of the report alone.

    It raises UsageError naming the gate where it is no CEL, fails, or gives neither true nor
    false.
    """
    about = _report(report)

    def holds(entry: Entry | None) -> bool:
        given = {"report": about, "finding": _finding(entry) if entry else {}}
        try:
            result = _compiled(text).eval(data=given).value()
        except (RuntimeError, ValueError, TypeError) as error:
            raise UsageError(f"gate {gate!r}: `when`: {' '.join(str(error).split())}") from error
        if not isinstance(result, bool):
            raise UsageError(f"gate {gate!r}: `when` gives {result!r}, neither true nor false")
        return result

    return holds


@cache
def _compiled(text: str) -> Any:
    try:
        from cel_expr_python import cel  # noqa: PLC0415 - an extra
    except ImportError:
        hint = "pip install 'pratique[cel]'"
        raise UsageError("gates with `when` need the library cel-expr-python", hint) from None
    names = ("finding", "report")
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN)).compile(text)


def _finding(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    return {
        "kind": entry.kind, "id": entry.id, "severity": entry.severity, "title": entry.title,
        "package": entry.package, "version": entry.version, "purl": entry.purl,
        "fixed": list(entry.fixed), "path": entry.path, "line": entry.line,
        "fromBase": entry.from_base, "system": entry.system,
        "aliases": list(finding.aliases) if finding else [],
        "exploited": bool(finding and finding.exploited),
        "epss": finding.epss.score if finding and finding.epss else 0.0,
        "score": max((r.score for r in finding.ratings), default=0.0) if finding else 0.0,
        "cwes": list(finding.cwes) if finding else [],
        "published": finding.published if finding else "",
    }  # fmt: skip


def _report(report: Report) -> dict[str, Any]:
    image, distro = report.image, report.inventory.distro
    return {
        "name": report.name, "kind": report.kind, "created": report.created,
        "distro": {"id": distro.id, "version": distro.version} if distro else {},
        "base": report.base.name,
        "size": image.size if image else 0, "platform": image.platform if image else "",
        "config": (image.config.get("config") or {}) if image else {},
        "packages": len(report.inventory.packages), "findings": len(report.findings),
        "endOfLife": bool(report.lifecycle.ended), "problems": len(report.problems),
        "missing": list(report.missing), "scanners": list(report.scanners),
    }  # fmt: skip
