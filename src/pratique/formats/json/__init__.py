"""Trivy's JSON report, SchemaVersion 2, with what Pratique knows beyond it in fields of its own.

Names and nesting are Trivy's, so that what reads its reports reads these. Additions are under
`Pratique`: of the report, of a package and of a finding.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import json

from pratique import __version__
from pratique.codecs import cvss, trivy
from pratique.comparison import by_severity
from pratique.entries import fingerprint, url_of
from pratique.formats.json import licenses, misconfigurations, secrets
from pratique.formats.json.parts import layer, without_nothing
from pratique.model.advisory import SEVERITIES, Rating
from pratique.model.finding import Finding
from pratique.model.format import Format, Look
from pratique.model.inventory import SYSTEM_TYPES, Distro, Package
from pratique.model.policy import Verdict
from pratique.model.purl import purl
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.upgrade import Change
from pratique.upgrades import changes

_HERE = "pratique: the results stand here"


def render(reports: Sequence[Report], chosen: Settings, look: Look) -> str:
    """Return one document; the results of several platforms stand in it side by side."""
    return "".join(pieces(reports, chosen, look))


def pieces(reports: Sequence[Report], chosen: Settings, _look: Look) -> Iterator[str]:
    """Yield the document, one result after the other, so that it is never whole in memory."""
    results = _with_platforms(reports, chosen)
    first = next(results, None)
    head, _, tail = _written(_around(reports, [_HERE] if first else [])).partition(f'"{_HERE}"')
    yield head
    if first:
        yield _indented(first)
        for result in results:
            yield ",\n    " + _indented(result)
    yield tail + "\n"


def _with_platforms(reports: Sequence[Report], chosen: Settings) -> Iterator[dict[str, Any]]:
    several = len(reports) > 1
    for report in reports:
        platform = {"Platform": report.image.platform} if several and report.image else {}
        for part in _PARTS:
            for result in part(report, chosen):
                yield result | platform


def _around(reports: Sequence[Report], results: list[str]) -> dict[str, Any]:
    first, several = reports[0], len(reports) > 1
    return without_nothing({
        "SchemaVersion": 2,
        "CreatedAt": first.created,
        "ArtifactName": first.name,
        "ArtifactType": first.kind,
        "Metadata": _metadata(first),
        "Results": results,
        "Pratique": {
            "Version": __version__,
            "Reports": [
                without_nothing(_own(r) | ({"Metadata": _metadata(r)} if several else {}))
                for r in reports
            ],
        },
    })  # fmt: skip


def _written(value: dict[str, Any]) -> str:
    return json.format(json.encode(value), indent=2).decode()


def _indented(result: dict[str, Any]) -> str:
    """Return a result as it stands in the list; within texts JSON has no line ends."""
    return _written(result).replace("\n", "\n    ")


def _metadata(report: Report) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if distro := report.inventory.distro:
        metadata["OS"] = (
            {"Family": _family(distro), "Name": distro.version}
            | ({"EOSL": True} if report.lifecycle.ended else {})
            | {"Pratique": {"ID": distro.id, "Name": distro.name}}
        )
    if image := report.image:
        metadata |= {
            "Size": image.size,
            "ImageID": image.id,
            "DiffIDs": [one.diff_id for one in image.layers],
            "RepoTags": image.tags,
            "RepoDigests": image.digests,
            "Reference": image.tags[0] if image.tags else image.name,
            "ImageConfig": image.config,
            "Layers": [
                {"Size": one.size} | layer(image, index) for index, one in enumerate(image.layers)
            ],
        }
    return metadata


def _results(report: Report, chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield a result for the system's packages, then one for each kind or file of others."""
    packages: dict[tuple[str, str, str], list[Package]] = {}
    findings: dict[tuple[str, str, str], list[Finding]] = {}
    suppressed: dict[tuple[str, str, str], list[Finding]] = {}
    for package in report.inventory.packages:
        packages.setdefault(_place(package, report), []).append(package)
    for finding in report.findings:
        findings.setdefault(_place(finding.package, report), []).append(finding)
    for finding in report.suppressed if chosen.show_suppressed else ():
        suppressed.setdefault(_place(finding.package, report), []).append(finding)
    for place in sorted(packages, key=lambda p: (p[1] != "os-pkgs", p)):
        target, kind, type_ = place
        result: dict[str, Any] = {"Target": target, "Class": kind, "Type": type_}
        if chosen.list_all_pkgs:
            result["Packages"] = [_package(p, report) for p in packages[place]]
        result["Vulnerabilities"] = [vulnerability(f, report) for f in findings.get(place, ())]
        result["ExperimentalModifiedFindings"] = [
            {
                "Type": "vulnerability",
                "Status": "ignored" if f.reason.startswith("ignored") else f.status,
                "Statement": f.reason,
                "Source": "pratique",
                "Finding": vulnerability(f, report),
            }
            for f in suppressed.get(place, ())
        ]
        yield without_nothing(result)


def _place(package: Package, report: Report) -> tuple[str, str, str]:
    """Return target, class and type of the result that a package belongs to."""
    if package.type in SYSTEM_TYPES:
        distro = report.inventory.distro
        family = _family(distro) if distro else "none"
        version = distro.version if distro else ""
        return f"{report.name} ({f'{family} {version}'.strip()})", "os-pkgs", family
    return trivy.TARGETS.get(package.analyzer, package.path), "lang-pkgs", package.analyzer


def _package(package: Package, report: Report) -> dict[str, Any]:
    version, release, epoch = trivy.split(package.version, package.type)
    source = trivy.split(package.source_version, package.type)
    system = package.type in SYSTEM_TYPES
    return without_nothing({
        "ID": trivy.package_id(package),
        "Name": package.name,
        "Identifier": _identifier(package, report),
        "Version": version,
        "Release": release,
        "Epoch": epoch,
        "Arch": package.arch,
        "Dev": package.dev,
        "SrcName": package.source,
        "SrcVersion": source[0],
        "SrcRelease": source[1],
        "SrcEpoch": source[2],
        "Licenses": package.licenses,
        "Maintainer": package.vendor if package.type in ("deb", "apk") else "",
        "Modularitylabel": package.module if package.type == "rpm" else "",
        "Relationship": package.relation,
        "Layer": layer(report.image, package.changed),
        "FilePath": "" if system else package.place,
        "Locations": [{"StartLine": package.line, "EndLine": package.line}] * bool(package.line),
        "AnalyzedBy": package.analyzer,
        "Pratique": _attribution(package, report) | _own_facts(package),
    })  # fmt: skip


def _attribution(package: Package, report: Report) -> dict[str, Any]:
    if report.image is None or package.introduced < 0:
        return {}
    return {
        "IntroducedIn": layer(report.image, package.introduced),
        "FromBase": package.introduced < report.base.layers,
    }


def vulnerability(finding: Finding, report: Report) -> dict[str, Any]:
    package = finding.package
    system = package.type in SYSTEM_TYPES
    return without_nothing({
        "VulnerabilityID": finding.id,
        "VendorIDs": [r for r in finding.records if r != finding.id] if system else [],
        "PkgID": trivy.package_id(package),
        "PkgName": package.name,
        "PkgPath": "" if system else package.place,
        "PkgIdentifier": _identifier(package, report),
        "InstalledVersion": package.version or "unknown",
        "FixedVersion": ", ".join(finding.fixed),
        "Status": finding.status,
        "Layer": layer(report.image, package.changed),
        "SeveritySource": finding.severity_source,
        "PrimaryURL": url_of(finding.id),
        "DataSource": {"ID": finding.ecosystem, "Name": f"OSV {finding.ecosystem}",
                       "URL": "https://osv.dev"},
        "Fingerprint": fingerprint(finding),
        "Title": finding.prose.title,
        "Description": finding.prose.description,
        "Severity": finding.severity,
        "CweIDs": finding.cwes,
        "VendorSeverity": {r.source: SEVERITIES.index(r.severity) for r in finding.ratings},
        "CVSS": _cvss(finding.ratings),
        "References": finding.prose.references,
        "PublishedDate": finding.published,
        "LastModifiedDate": finding.modified,
        "Pratique": {
            "Aliases": finding.aliases,
            "Records": finding.records,
            "Affected": finding.affected,
            "Remarks": (*finding.remarks, *package.remarks),
        } | _state(finding, report) | _exploited(finding) | _attribution(package, report),
    })  # fmt: skip


def _state(finding: Finding, report: Report) -> dict[str, str]:
    if report.baseline is None:
        return {}
    return {"State": report.baseline.states.get(fingerprint(finding), "")}


def _own_facts(package: Package) -> dict[str, Any]:
    facts = {"Remarks": package.remarks, "CPE": package.cpe}
    return {name: fact for name, fact in facts.items() if fact}


def _exploited(finding: Finding) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if known := finding.exploited:
        entry = {"Added": known.added, "Due": known.due, "Ransomware": known.ransomware}
        said["KnownExploited"] = entry
    if epss := finding.epss:
        said["EPSS"] = {"Score": epss.score, "Percentile": epss.percentile, "Date": epss.date}
    return said


def _cvss(ratings: Iterable[Rating]) -> dict[str, dict[str, Any]]:
    names = {2: ("V2Vector", "V2Score"), 3: ("V3Vector", "V3Score"), 4: ("V40Vector", "V40Score")}
    found: dict[str, dict[str, Any]] = {}
    for rating in ratings:
        if rating.vector:
            vector, score = names[cvss.version(rating.vector)]
            found.setdefault(rating.source, {}).update({vector: rating.vector, score: rating.score})
    return found


def _change(change: Change) -> dict[str, Any]:
    """Return what `table` says to change first; a distribution's packages are one change."""
    first = change.upgrades[0]
    one = {"Name": first.name, "From": first.installed, "To": first.to}
    names = {name for upgrade in change.upgrades for name in upgrade.packages}
    return ({"Packages": sorted(names)} if change.is_system else one) | {
        "Type": first.type, "Level": first.level,
        "Removes": sorted({finding.id for finding in change.removes}),
        "Severities": by_severity(change.removes),
        "Exploited": any(finding.exploited for finding in change.removes),
    }  # fmt: skip


def _own(report: Report) -> dict[str, Any]:
    base, lifecycle = report.base, report.lifecycle
    return {
        "Platform": report.image.platform if report.image else "",
        "Base": {"Name": base.name, "Layers": base.layers, "KnownBy": base.known_by},
        "EndOfLife": {"Ended": lifecycle.ended, "Date": lifecycle.date},
        "Runtimes": [
            {"Name": r.name, "Version": r.version, "FilePath": r.path, "Ended": r.ended,
             "Date": r.date}
            for r in report.runtimes
        ],
        "Problems": [
            without_nothing({"What": p.what, "Where": p.where} | _in_layer(report, p.layer))
            for p in report.problems
        ],
        "Scanners": report.scanners,
        "Baseline": _baseline(report),
        "Verdicts": [_verdict(verdict) for verdict in report.verdicts],
        "NotChecked": report.missing,
        "Suppressed": len(report.suppressed),
        "Changes": [_change(change) for change in changes(report)],
        "Advisories": [
            {"Name": s.name, "Source": s.source, "Updated": s.built, "Newest": s.newest,
             "Records": s.records, "Size": s.size, "Feeds": s.feeds, "Starter": s.starter}
            for s in report.shards
        ],
    }  # fmt: skip


def _baseline(report: Report) -> dict[str, Any]:
    if (baseline := report.baseline) is None:
        return {}
    return {
        "Name": baseline.name,
        "CreatedAt": baseline.created,
        "States": dict(Counter(baseline.states.values())),
        "Fixed": [
            {"ID": e.id, "Kind": e.kind, "Severity": e.severity, "PkgName": e.package,
             "InstalledVersion": e.version, "Target": e.path, "Fingerprint": e.fingerprint}
            for e in baseline.fixed
        ],
    }  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return without_nothing({
        "Policy": verdict.policy,
        "Environment": verdict.environment,
        "Gates": verdict.gates,
    }) | {
        "Passed": verdict.passed,
        "Breaches": [
            without_nothing({
                "Gate": b.gate, "Action": b.action, "What": b.what, "Advice": b.advice,
                "Reason": b.reason, "Fingerprints": [e.fingerprint for e in b.entries],
                "Upgrades": [
                    {"Name": u.name, "From": u.installed, "To": u.to}
                    for change in b.changes for u in change.upgrades
                ],
            })
            for b in verdict.breaches
        ],
    }  # fmt: skip


def _in_layer(report: Report, index: int) -> dict[str, Any]:
    return {"Layer": layer(report.image, index)}


def _family(distro: Distro) -> str:
    return trivy.FAMILIES.get(distro.id, distro.id)


def _identifier(package: Package, report: Report) -> dict[str, str]:
    url = purl(package, report.inventory.distro)
    path = "" if package.type in SYSTEM_TYPES else package.place
    unique = hashlib.sha256(f"{url}\n{path}".encode()).hexdigest()[:16]
    return {"PURL": url, "UID": unique}


_PARTS = (_results, misconfigurations.results, secrets.results, licenses.results)

format = Format("json", render, pieces=pieces)
