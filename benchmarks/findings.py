"""Compare the findings of Pratique and of Trivy or Grype on the same images and the same records.

    python benchmarks/findings.py OURS.json THEIRS.json [OURS.json THEIRS.json …]

All are JSON reports: ours of `--show-suppressed`, Trivy's of `--list-all-pkgs`, Grype's of
`-o json`. A finding is compared by package, version, place and flaw; the flaw by any of its ids.
Grype is compared without the place: it names files otherwise. Every difference is put under what
explains it; the exit status is 1 where the peer has a finding of a package that we know, and we
have neither found nor suppressed it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from typing import Any, NamedTuple
from urllib.parse import unquote

Key = tuple[str, str, str]
"""A package's name, version and place."""
MISSED = "MISSED: a package that we know, and no such finding"
_SYSTEM = ("pkg:deb/", "pkg:apk/", "pkg:rpm/")
_CVE = re.compile(r"CVE-\d{4}-\d+")


class Scan(NamedTuple):
    """What one tool says of one image."""

    tool: str
    packages: set[Key]
    findings: dict[Key, list[set[str]]]
    """The ids of each finding."""
    suppressed: dict[Key, list[tuple[set[str], str]]]
    """The ids of each, and why."""


def read(path: str) -> Scan:
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    return _of_grype(report) if "matches" in report else _of_trivys_schema(report)


def _of_trivys_schema(report: dict[str, Any]) -> Scan:
    scan = Scan("Pratique" if "Pratique" in report else "Trivy", set(), {}, {})
    for result in report.get("Results") or []:
        of_languages = result["Class"] == "lang-pkgs"
        where = result["Target"] if of_languages else ""
        for package in result.get("Packages") or []:
            place = package.get("FilePath", where) if of_languages else ""
            scan.packages.add((package["Name"].lower(), _written(package), place))
        for found in result.get("Vulnerabilities") or []:
            key, ids = _found(found, where)
            scan.findings.setdefault(key, []).append(ids)
        for modified in result.get("ExperimentalModifiedFindings") or []:
            key, ids = _found(modified["Finding"], where)
            scan.suppressed.setdefault(key, []).append((ids, modified["Statement"]))
    return scan


def _written(package: dict[str, Any]) -> str:
    """Return `epoch:version-release`, as findings have it."""
    epoch, release = package.get("Epoch"), package.get("Release")
    version = package.get("Version", "")
    return f"{epoch}:" * bool(epoch) + version + f"-{release}" * bool(release)


def _found(found: dict[str, Any], where: str) -> tuple[Key, set[str]]:
    own = found.get("Pratique", {})
    ids = {found["VulnerabilityID"], *found.get("VendorIDs", [])}
    ids |= {*own.get("Aliases", []), *own.get("Records", [])}
    place = found.get("PkgPath", "") or where
    return (found["PkgName"].lower(), found["InstalledVersion"], place), ids


def _of_grype(report: dict[str, Any]) -> Scan:
    scan = Scan("Grype", set(), {}, {})
    for match in report["matches"]:
        artifact, flaw = match["artifact"], match["vulnerability"]
        related = {other["id"] for other in match.get("relatedVulnerabilities", ())}
        key = _grypes_key(artifact)
        scan.packages.add(key)
        scan.findings.setdefault(key, []).append({flaw["id"], *related})
    return scan


def _grypes_key(artifact: dict[str, Any]) -> Key:
    """Return the key of a package by its purl, for Grype leaves Maven's group out of the name."""
    purl, version = artifact["purl"], artifact["version"].removeprefix("0:")
    type_, _, rest = purl.partition("?")[0].removeprefix("pkg:").partition("/")
    name = unquote(rest.rpartition("@")[0])
    if purl.startswith(_SYSTEM):
        name = name.rpartition("/")[2]
    elif type_ == "maven":
        name = name.replace("/", ":")
    return name.lower(), version, ""


def without_places(scan: Scan) -> Scan:
    findings: dict[Key, list[set[str]]] = defaultdict(list)
    suppressed: dict[Key, list[tuple[set[str], str]]] = defaultdict(list)
    for (name, version, _), ids in scan.findings.items():
        findings[name, version, ""] += ids
    for (name, version, _), reasons in scan.suppressed.items():
        suppressed[name, version, ""] += reasons
    packages = {(name, version, "") for name, version, _ in scan.packages}
    return Scan(scan.tool, packages, findings, suppressed)


class Differences(NamedTuple):
    both: int
    theirs: dict[str, list[str]]
    """What only the peer has, by what explains it."""
    ours: dict[str, list[str]]


def differences(ours: Scan, theirs: Scan) -> Differences:
    both = 0
    lacking: dict[str, list[str]] = defaultdict(list)
    only: dict[str, list[str]] = defaultdict(list)
    matched: set[tuple[Key, int]] = set()
    for key, found in theirs.findings.items():
        for ids in found:
            hits = [i for i, known in enumerate(ours.findings.get(key, ())) if known & ids]
            matched.update((key, i) for i in hits)
            both += bool(hits)
            if not hits:
                lacking[_why_not_ours(ours, key, ids)].append(_line(key, ids))
    for key, found in ours.findings.items():
        for index, ids in enumerate(found):
            if (key, index) not in matched:
                only[_why_not_theirs(theirs, key, ids)].append(_line(key, ids))
    return Differences(both, lacking, only)


def _why_not_ours(ours: Scan, key: Key, ids: set[str]) -> str:
    for known, reason in ours.suppressed.get(key, ()):
        if known & ids:
            return f"suppressed by us: {reason}"
    if key in ours.packages:
        return MISSED
    elsewhere = {other for other in ours.packages if other[0] == key[0]}
    if any(known & ids for other in elsewhere for known in ours.findings.get(other, ())):
        return "ours at another place or in another spelling of the version"
    return "a package that we do not list" if not elsewhere else "a version that we do not list"


def _why_not_theirs(theirs: Scan, key: Key, ids: set[str]) -> str:
    if theirs.tool == "Trivy" and key not in theirs.packages:
        if any(name == key[0] and place == key[2] for name, _, place in theirs.packages):
            return f"a version that {theirs.tool} does not list"
        return f"a package that {theirs.tool} does not list"
    others = (other for other in theirs.findings if other[0] == key[0])
    if any(known & ids for other in others for known in theirs.findings[other]):
        return f"{theirs.tool} has it for another version or place of the package"
    if not any(_CVE.fullmatch(id) for id in ids):
        return f"a record without a CVE that {theirs.tool} does not match"
    return f"a package that {theirs.tool} knows, and no such finding"


def _line(key: Key, ids: set[str]) -> str:
    return f"{' '.join(key).strip()}: {min(ids, key=lambda id: (not _CVE.fullmatch(id), id))}"


def compare(ours_path: str, theirs_path: str) -> int:
    """Print a row and the differences; return how many of the peer's findings we have missed."""
    ours, theirs = read(ours_path), read(theirs_path)
    if theirs.tool == "Grype":
        ours, theirs = without_places(ours), without_places(theirs)
    found = differences(ours, theirs)
    lacking, only = (sum(map(len, side.values())) for side in (found.theirs, found.ours))
    image = re.sub(r".*/|\.json$|\.pratique", "", ours_path)
    print(f"| {image} | {theirs.tool} | {found.both} | {lacking} | {only} |", flush=True)
    for title, cases in ((f"only {theirs.tool}", found.theirs), ("only Pratique", found.ours)):
        for case, rows in sorted(cases.items()):
            print(f"    {title}: {len(rows)}: {case}")
            for row in sorted(rows)[:8]:
                print(f"        {row}")
            if len(rows) > 8:
                print(f"        … and {len(rows) - 8} more")
    return len(found.theirs.get(MISSED, ()))


def main() -> None:
    paths = sys.argv[1:]
    if not paths or len(paths) % 2:
        sys.exit(__doc__)
    print("| image | peer | both | only the peer | only Pratique |\n|---|---|---|---|---|")
    missed = [compare(*pair) for pair in zip(paths[::2], paths[1::2], strict=True)]
    sys.exit(bool(sum(missed)))


if __name__ == "__main__":
    main()
