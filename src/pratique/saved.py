"""Read a JSON report again: ours, or Trivy's of SchemaVersion 2.

What a format shows of a report is all there. What Trivy does not write (base image, layers that
brought a package, aliases) is empty for its reports.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError, json
from msgspec.structs import replace

from pratique.codecs import trivy
from pratique.errors import MalformedError, NotFound
from pratique.model.advisory import SEVERITIES, Epss, Exploited, Prose, Rating, Shard
from pratique.model.check import Edit
from pratique.model.finding import Finding
from pratique.model.image import Image, Layer
from pratique.model.inventory import Distro, Inventory, Package, Problem
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.purl import parse
from pratique.model.report import Base, Lifecycle, Report
from pratique.model.runtimes import Runtime
from pratique.model.secret import Secret

_LIMIT = 1 << 30
_DECODER = json.Decoder()
_Map = dict[str, Any]


def read_report(path: str) -> list[Report]:
    """Return the reports of a file, one for each platform.

    Raises NotFound, and MalformedError for what is no such report.
    """
    try:
        if os.path.getsize(path) > _LIMIT:
            raise MalformedError(f"larger than {_LIMIT >> 30} GiB", path)
        with open(path, "rb") as file:
            document = _DECODER.decode(file.read())
    except FileNotFoundError:
        raise NotFound(f"{path}: no such file") from None
    except OSError as error:
        raise NotFound(f"{path}: cannot be read: {error.strerror}") from error
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no JSON report: {error}", path) from error
    return reports_of(document, path)


def _unwrapped(document: Any) -> Any:
    """Return the report that a statement of in-toto or cosign's record of a scan holds."""
    for key in ("predicate", "scanner", "result"):
        if isinstance(document, dict) and isinstance(document.get(key), dict):
            document = document[key]
    return document


def reports_of(document: _Map, where: str) -> list[Report]:
    """Return the reports of a decoded document, also of cosign's record of a scan.

    Raises MalformedError where its shape is another.
    """
    document = _unwrapped(document)
    if not isinstance(document, dict) or "SchemaVersion" not in document:
        raise MalformedError("no JSON report: it has no SchemaVersion", where)
    if document["SchemaVersion"] != 2:
        raise MalformedError(f"SchemaVersion {document['SchemaVersion']!r} is not 2", where)
    try:
        own = _map(document, "Pratique").get("Reports") or [{}]
        return [_report(document, one, several=len(own) > 1) for one in own]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise MalformedError(f"a report of another shape ({reason})", where) from error


def _report(document: _Map, own: _Map, *, several: bool) -> Report:
    metadata = own.get("Metadata") or _map(document, "Metadata")
    platform = str(own.get("Platform", ""))
    results = [
        result for result in _maps(document, "Results")
        if not several or result.get("Platform", "") == platform
    ]  # fmt: skip
    kind = str(document.get("ArtifactType", ""))
    image = _image(document, metadata, platform) if kind == "container_image" else None
    layers = {layer.diff_id: at for at, layer in enumerate(image.layers)} if image else {}
    read = _Reading(layers)
    for result in results:
        read.result(result)
    base, life = _map(own, "Base"), _map(own, "EndOfLife")
    ended = life.get("Ended", _map(metadata, "OS").get("EOSL"))
    return Report(
        str(document.get("ArtifactName", "")), kind,
        Inventory(tuple(read.packages), _distro(metadata)),
        tuple(read.findings), image, tuple(read.suppressed),
        tuple(Problem(p["What"], p.get("Where", ""), read.layer(p))
              for p in _maps(own, "Problems")),
        tuple(own.get("NotChecked") or ()),
        tuple(_shard(s) for s in _maps(own, "Advisories")),
        Base(base.get("Layers", 0), base.get("Name", ""), base.get("KnownBy", "")),
        Lifecycle(ended, life.get("Date", "")),
        tuple(Runtime(r["Name"], r["Version"], r["FilePath"], r["Ended"], r["Date"])
              for r in _maps(own, "Runtimes")),
        tuple(read.secrets), tuple(read.examined), tuple(read.licenses),
        tuple(own.get("Scanners") or read.scanners()),
        str(document.get("CreatedAt", "")),
    )  # fmt: skip


def _image(document: _Map, metadata: _Map, platform: str) -> Image:
    diff_ids = metadata.get("DiffIDs") or []
    layers = {x.get("DiffID"): x for x in _maps(metadata, "Layers")}
    return Image(
        str(document.get("ArtifactName", "")), metadata.get("ImageID", ""),
        tuple(_layer(id, layers.get(id, {})) for id in diff_ids), platform,
        tuple(metadata.get("RepoTags") or ()), tuple(metadata.get("RepoDigests") or ()),
        metadata.get("ImageConfig") or {}, metadata.get("Size", 0),
    )  # fmt: skip


def _layer(diff_id: Any, layer: _Map) -> Layer:
    digest, made = layer.get("Digest", ""), layer.get("CreatedBy", "")
    return Layer(diff_id, digest, layer.get("Size", 0), created_by=made)


def _distro(metadata: _Map) -> Distro | None:
    system = _map(metadata, "OS")
    names = {theirs: ours for ours, theirs in trivy.FAMILIES.items()}
    family = system.get("Family", "")
    if not family:
        return None
    own = _map(system, "Pratique")
    return Distro("", str(own.get("ID") or names.get(family) or family), system.get("Name", ""),
                  own.get("Name", ""))  # fmt: skip


def _shard(shard: _Map) -> Shard:
    return Shard(
        shard["Name"], shard["Source"], shard["Updated"], shard["Newest"], shard["Records"],
        shard["Starter"], shard["Size"], tuple(shard["Feeds"]),
    )  # fmt: skip


class _Reading:
    """The results so far; packages first, so that findings can name them."""

    def __init__(self, layers: dict[Any, int]) -> None:
        self._layers = layers
        self._by_place: dict[tuple[str, str], Package] = {}
        self.packages: list[Package] = []
        self.findings: list[Finding] = []
        self.suppressed: list[Finding] = []
        self.secrets: list[Secret] = []
        self.examined: list[Examined] = []
        self.licenses: list[LicenseFinding] = []

    def scanners(self) -> Iterator[str]:
        """Yield what was looked for, as far as what was found tells."""
        found = {
            "vuln": self.packages or self.findings, "secret": self.secrets,
            "misconfig": self.examined, "license": self.licenses,
        }  # fmt: skip
        yield from (name for name, some in found.items() if some)

    def layer(self, part: _Map, key: str = "Layer") -> int:
        return self._layers.get(_map(part, key).get("DiffID"), -1)

    def result(self, result: _Map) -> None:
        """Read one result of any class; others than Trivy's are passed over."""
        for package in _maps(result, "Packages"):
            self.packages.append(self._package(package, result))
        for finding in _maps(result, "Vulnerabilities"):
            self.findings.append(self._finding(finding, result, ""))
        for entry in _maps(result, "ExperimentalModifiedFindings"):
            self._suppressed(entry, result)
        for secret in _maps(result, "Secrets"):
            self.secrets.append(self._secret(secret, result, ""))
        if result.get("Class") == "config":
            summary, path = _map(result, "MisconfSummary"), result.get("Target", "")
            failed = (m for m in _maps(result, "Misconfigurations") if m["Status"] == "FAIL")
            failures = tuple(self._misconfiguration(m, result) for m in failed)
            passed = summary.get("Successes", 0)
            excused = tuple(
                replace(self._misconfiguration(e["Finding"], result), reason=_statement(e))
                for e in _maps(result, "ExperimentalModifiedFindings")
                if e["Type"] == "misconfiguration"
            )
            self.examined.append(Examined(path, result["Type"], passed, failures, excused))
        for one in _maps(result, "Licenses"):
            self.licenses.append(_license(one, result))

    def _suppressed(self, entry: _Map, result: _Map) -> None:
        reason = _statement(entry)
        if entry["Type"] == "vulnerability":
            self.suppressed.append(self._finding(entry["Finding"], result, reason))
        elif entry["Type"] == "secret":
            self.secrets.append(self._secret(entry["Finding"], result, reason))
        elif entry["Type"] == "license":
            self.licenses.append(replace(_license(entry["Finding"], result), reason=reason))

    def _package(self, package: _Map, result: _Map) -> Package:
        identifier, own = _map(package, "Identifier"), _map(package, "Pratique")
        url = identifier.get("PURL", "")
        lines = _maps(package, "Locations")
        known = Package(
            package.get("FilePath", ""), package.get("AnalyzedBy") or result.get("Type", ""),
            parse(url).type if url else "", package["Name"], _version(package),
            package.get("Arch", ""), package.get("SrcName", ""),
            _version({k[3:]: v for k, v in package.items() if k.startswith("Src")}),
            tuple(package.get("Licenses") or ()), package.get("Maintainer", ""),
            package.get("Modularitylabel", ""), dev=package.get("Dev", False),
            relation=package.get("Relationship", ""),
            line=lines[0].get("StartLine", 0) if lines else 0,
            introduced=self.layer(own, "IntroducedIn"), changed=self.layer(package),
            cpe=own.get("CPE", ""), remarks=tuple(own.get("Remarks") or ()),
        )  # fmt: skip
        self._by_place[(identifier.get("UID") or f"{known.name}@{known.version}", known.path)] = (
            known
        )
        return known

    def _finding(self, finding: _Map, result: _Map, reason: str) -> Finding:
        own, epss = _map(finding, "Pratique"), _map(_map(finding, "Pratique"), "EPSS")
        known = _map(own, "KnownExploited")
        package = self._of(finding, result)
        remarks = tuple(r for r in own.get("Remarks") or () if r not in package.remarks)
        return Finding(
            package, finding["VulnerabilityID"], tuple(own.get("Aliases") or ()),
            tuple(own.get("Records") or ()), (), _map(finding, "DataSource").get("ID", ""),
            tuple(own.get("Affected") or ()),
            tuple(v.strip() for v in finding.get("FixedVersion", "").split(",") if v.strip()),
            finding.get("Severity", "UNKNOWN"), finding.get("SeveritySource", ""),
            tuple(_ratings(finding)), finding.get("Status", "unknown"),
            Exploited(known["Added"], known["Due"], known["Ransomware"]) if known else None,
            Epss(round(epss["Score"] * 100_000), round(epss["Percentile"] * 100_000), epss["Date"])
            if epss else None,
            tuple(finding.get("CweIDs") or ()), finding.get("PublishedDate", ""),
            finding.get("LastModifiedDate", ""), reason,
            Prose(finding.get("Title", ""), finding.get("Description", ""),
                  tuple(finding.get("References") or ())), remarks,
        )  # fmt: skip

    def _of(self, finding: _Map, result: _Map) -> Package:
        """Return the package as it is listed, or made of what the finding says of it."""
        identifier, path = _map(finding, "PkgIdentifier"), finding.get("PkgPath", "")
        listed = self._by_place.get((identifier.get("UID", ""), path))
        if listed is None:
            listed = self._by_place.get(
                (f"{finding['PkgName']}@{finding['InstalledVersion']}", path)
            )
        if listed is not None:
            return listed
        url = identifier.get("PURL", "")
        layer = self.layer(finding)
        return Package(
            path or ("" if result.get("Class") == "os-pkgs" else result.get("Target", "")),
            result.get("Type", ""), parse(url).type if url else "", finding["PkgName"],
            finding["InstalledVersion"], introduced=layer, changed=layer,
        )  # fmt: skip

    def _secret(self, secret: _Map, result: _Map, reason: str) -> Secret:
        own = _map(secret, "Pratique")
        return Secret(
            result["Target"], secret["RuleID"], secret.get("Category", ""),
            secret.get("Title", ""), secret.get("Severity", "UNKNOWN"),
            secret.get("StartLine", 0), secret.get("EndLine", 0), secret.get("Match", ""),
            own.get("Mark", ""), self.layer(secret), self.layer(own, "RemovedIn"),
            own.get("Verified", ""), reason,
        )  # fmt: skip

    def _misconfiguration(self, one: _Map, result: _Map) -> Misconfiguration:
        own, cause = _map(one, "Pratique"), _map(one, "CauseMetadata")
        fix, lines = _map(own, "Fix"), _maps(_map(cause, "Code"), "Lines")
        aliases = own.get("Aliases") or [a for a in (one.get("AVDID"),) if a]
        return Misconfiguration(
            own.get("ID") or one["ID"], tuple(aliases), result["Type"], result["Target"],
            one.get("Title", ""), one.get("Description", ""), one.get("Severity", "UNKNOWN"),
            one.get("Message", ""), one.get("Resolution", ""), tuple(one.get("References") or ()),
            cause.get("Resource", ""), cause.get("StartLine", 0), cause.get("EndLine", 0),
            tuple(line.get("Content", "") for line in lines if line.get("IsCause")),
            Edit(fix["StartLine"], fix["EndLine"], fix["Text"]) if fix else None, self.layer(one),
            namespace=one.get("Namespace", "") if one.get("Namespace", "").startswith("user")
            else "", remarks=tuple(own.get("Remarks") or ()),
        )  # fmt: skip


def _statement(entry: _Map) -> str:
    return str(entry.get("Statement") or entry.get("Status", "ignored"))


def _license(one: _Map, result: _Map) -> LicenseFinding:
    own = _map(one, "Pratique")
    system = result.get("Target") == "OS Packages"
    return LicenseFinding(
        one["Name"], own.get("Category") or one.get("Category", "unknown"),
        one.get("Severity", "UNKNOWN"), one.get("PkgName", ""), own.get("Version", ""),
        own.get("Type") or ("deb" if system else ""), own.get("AnalyzedBy", ""),
        one.get("FilePath", ""), one.get("Confidence", 1.0), remark=own.get("Remark", ""),
        google_class=one.get("Category", "unknown"), verdict=own.get("Verdict", ""),
        rule=own.get("Rule", ""),
    )  # fmt: skip


def _version(package: _Map) -> str:
    """Put together what Trivy takes apart."""
    version, release, epoch = (package.get(key) or "" for key in ("Version", "Release", "Epoch"))
    full = f"{version}-{release}" if release else str(version)
    return f"{epoch}:{full}" if epoch else full


def _ratings(finding: _Map) -> Iterator[Rating]:
    scores = _map(finding, "CVSS")
    named = {2: "V2", 3: "V3", 4: "V40"}
    for source, number in _map(finding, "VendorSeverity").items():
        severity = SEVERITIES[number] if 0 <= number < len(SEVERITIES) else "UNKNOWN"
        given = scores.get(source) or {}
        vectors = [(given[f"{v}Vector"], given.get(f"{v}Score", 0.0)) for v in named.values()
                   if given.get(f"{v}Vector")]  # fmt: skip
        for vector, score in vectors or [("", 0.0)]:
            yield Rating(source, severity, vector, score)


def _map(part: _Map, key: str) -> _Map:
    value = part.get(key) or {}
    if not isinstance(value, dict):
        raise TypeError(f"{key} is no object")
    return value


def _maps(part: _Map, key: str) -> list[_Map]:
    value = part.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError(f"{key} is no list of objects")
    return value
