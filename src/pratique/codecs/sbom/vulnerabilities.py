"""Findings as CycloneDX vulnerabilities, and what was judged away as its VEX (`analysis`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pratique.codecs import cvss
from pratique.codecs.plaintext import lines, printable
from pratique.model.advisory import Rating
from pratique.model.finding import Finding
from pratique.model.inventory import Package

_METHODS = (("CVSS:4", "CVSSv4"), ("CVSS:3.1", "CVSSv31"), ("CVSS:3", "CVSSv3"))


def vulnerabilities(
    findings: Iterable[Finding],
    refs: Mapping[Package, str],
    url: Callable[[str], str],
    before: int = 0,
) -> list[dict[str, Any]]:
    """Return one vulnerability for each flaw and judgement, with all components it affects.

    `refs` has the `bom-ref` of each package; `before` counts vulnerabilities that come before.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.id, finding.reason), []).append(finding)
    return [
        _vulnerability(number, some, refs, url)
        for number, some in enumerate(groups.values(), before + 1)
    ]


def _vulnerability(
    number: int, findings: list[Finding], refs: Mapping[Package, str], url: Callable[[str], str]
) -> dict[str, Any]:
    first = findings[0]
    web = [link for link in first.prose.references if link.startswith(("https://", "http://"))]
    written = {
        "bom-ref": f"vulnerability-{number}-{first.id}",
        "id": first.id,
        "source": {"name": first.severity_source or first.ecosystem, "url": url(first.id)},
        "references": [
            {"id": alias, "source": {"url": url(alias)}} for alias in sorted(first.aliases)
        ],
        "ratings": [*_ratings(first.ratings)],
        "cwes": sorted({int(cwe[4:]) for cwe in first.cwes if cwe[4:].isdecimal()}),
        "description": lines(first.prose.description or first.prose.title),
        "recommendation": "; ".join(dict.fromkeys(_advice(finding) for finding in findings)),
        "advisories": [{"url": link} for link in dict.fromkeys(web)],
        "published": first.published,
        "updated": first.modified,
        "analysis": _analysis(first),
        "affects": [
            {"ref": place, "versions": [{"version": version, "status": "affected"}]}
            for place, version in dict.fromkeys(
                (refs[f.package], f.package.version) for f in findings)
        ],
    }  # fmt: skip
    return {key: value for key, value in written.items() if value}


def _advice(finding: Finding) -> str:
    name = printable(finding.package.name)
    if finding.fixed:
        return f"Upgrade {name} to version {finding.fixed[0]}"
    return f"No fixed version of {name} is known"


def _analysis(finding: Finding) -> dict[str, str]:
    if not finding.reason:
        return {}
    return {"state": "not_affected", "detail": lines(finding.reason)}


def _ratings(ratings: Iterable[Rating]) -> Iterator[dict[str, Any]]:
    for rating in ratings:
        known: dict[str, Any] = {
            "source": {"name": rating.source},
            "severity": rating.severity.lower(),
        }
        if rating.vector:
            known |= {"score": rating.score, "method": _method(rating.vector),
                      "vector": rating.vector}  # fmt: skip
        yield known


def _method(vector: str) -> str:
    named = next((name for start, name in _METHODS if vector.startswith(start)), "")
    return named or ("CVSSv2" if cvss.version(vector) == 2 else "other")
