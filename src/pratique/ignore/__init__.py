"""Judge findings of all kinds by the rules of the user: none is lost, each keeps its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.check_ids import canonical
from pratique.model.entry import Kind
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.image import Image
from pratique.model.inventory import Package
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.purl import purl
from pratique.model.report import Report

_OPERATORS = re.compile(r"\s+(?:AND|OR)\s+|[()]")


class _Named(Struct, frozen=True):
    """What rules can name of a finding."""

    kind: Kind
    ids: tuple[str, ...]
    paths: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    package: str = ""
    version: str = ""
    layers: tuple[int, ...] = ()


def apply(report: Report, rules: Sequence[Rule]) -> Report:
    """Return a report in which every finding that a rule names has a reason.

    Vulnerabilities with a reason, also one that evidence gave, are moved to `suppressed`, failures
    of checks likewise within their file. An expired rule excuses nothing; its findings say so
    where they can. `applied` has the rules that named anything, expired ones too.
    """
    if not rules:
        return _sorted_out(report, report.findings)
    judge = _Judge(rules, report)
    findings = [judge.vulnerability(finding) for finding in report.findings]
    report = replace(
        report,
        examined=tuple(judge.examined(one) for one in report.examined),
        secrets=tuple(
            one if one.reason else replace(one, reason=judge.reason(_Named(
                "secret", (one.rule,), (one.path,), layers=(one.layer,))))
            for one in report.secrets
        ),
        licenses=tuple(
            one if one.reason else replace(one, reason=judge.license(one.name, _Named(
                "license", (one.name,), (one.path,), (), one.package, one.version, (one.layer,))))
            for one in report.licenses
        ),
    )  # fmt: skip
    return replace(_sorted_out(report, findings), applied=tuple(judge.applied))


def _sorted_out(report: Report, findings: Iterable[Finding]) -> Report:
    findings = tuple(findings)
    return replace(
        report,
        findings=tuple(finding for finding in findings if not finding.reason),
        suppressed=(*report.suppressed, *(finding for finding in findings if finding.reason)),
    )


class _Judge:
    """Knows the rules by the ids that they name, and remembers those that named anything."""

    def __init__(self, rules: Sequence[Rule], report: Report) -> None:
        self.applied: dict[Rule, None] = {}
        self._report = report
        self._today = report.created[:10]
        self._rules: dict[str, list[Rule]] = {}
        for rule in rules:
            if in_scope(rule, report):
                self._rules.setdefault(canonical(rule.id), []).append(rule)

    def reason(self, named: _Named) -> str:
        """Return why a finding does not count; empty where it does."""
        chosen = next((r for r in self._naming(named) if not self._is_over(r)), None)
        return _reason(chosen) if chosen else ""

    def vulnerability(self, finding: Finding) -> Finding:
        if finding.reason:
            return finding
        package = finding.package
        named = _Named(
            "vulnerability", (finding.id, *finding.aliases), _paths(package), self._purls(package),
            package.name, package.version, (package.introduced, package.changed),
        )  # fmt: skip
        if reason := self.reason(named):
            return replace(finding, reason=reason)
        over = self._over(named)
        return replace(finding, remarks=(*finding.remarks, over)) if over else finding

    def examined(self, one: Examined) -> Examined:
        judged = [self._misconfiguration(failure) for failure in one.failures]
        return replace(
            one,
            failures=tuple(failure for failure in judged if not failure.reason),
            suppressed=(*one.suppressed, *(failure for failure in judged if failure.reason)),
        )

    def license(self, name: str, named: _Named) -> str:
        """Return why a licence does not count: as a whole, or because each part of it does not."""
        parts = [part.strip() for part in _OPERATORS.split(name) if part.strip()]
        if (whole := self.reason(named)) or len(parts) < 2:
            return whole
        reasons = [self.reason(replace(named, ids=(part,))) for part in parts]
        return reasons[0] if all(reasons) else ""

    def _misconfiguration(self, failure: Misconfiguration) -> Misconfiguration:
        named = _Named(
            "misconfiguration", (failure.check, *failure.aliases), (failure.path,),
            layers=(failure.layer,),
        )  # fmt: skip
        if reason := self.reason(named):
            return replace(failure, reason=reason)
        over = self._over(named)
        return replace(failure, remarks=(*failure.remarks, over)) if over else failure

    def _over(self, named: _Named) -> str:
        rule = next(iter(self._naming(named)), None)
        return f"ignored until {rule.until}" if rule else ""

    def _naming(self, named: _Named) -> Iterator[Rule]:
        for id in dict.fromkeys(("", *map(canonical, named.ids))):
            for rule in self._rules.get(id, ()):
                if self._names(rule, named):
                    self.applied[rule] = None
                    yield rule

    def _is_over(self, rule: Rule) -> bool:
        return bool(rule.until) and self._today >= rule.until

    def _names(self, rule: Rule, named: _Named) -> bool:
        return (
            named.kind in rule.kinds
            and (not rule.paths or self._is_at(rule.paths, named.paths))
            and (not rule.purls or any(_is_same(w, p) for w in rule.purls for p in named.purls))
            and (not rule.package or _is_package(rule.package, named))
            and (not rule.layer or self._is_in(rule.layer, named.layers))
        )

    def _is_at(self, globs: Sequence[str], paths: Sequence[str]) -> bool:
        every = (self._report.name, *(path.lstrip("/") for path in paths))
        return any(_glob(glob.lstrip("/")).fullmatch(path) for glob in globs for path in every)

    def _is_in(self, wanted: str, layers: Sequence[int]) -> bool:
        if wanted == "base":
            return any(0 <= layer < self._report.base.layers for layer in layers)
        if wanted.isdigit():
            return int(wanted) - 1 in layers
        return any(_has_digest(self._report.image, layer, wanted) for layer in layers)

    def _purls(self, package: Package) -> tuple[str, ...]:
        return purl(package), purl(package, self._report.inventory.distro)


def unused(rules: Sequence[Rule], reports: Sequence[Report], scanned: Iterable[Kind]) -> list[Rule]:
    """Return the rules that named nothing in any report, of those whose kinds were looked for.

    One that is for other images is not idle. A line of a `.trivyignore` is for all kinds, but an
    id may tell what it is of.
    """
    of_use = {rule for report in reports for rule in report.applied}
    looked_for = set(scanned)
    return [
        rule for rule in dict.fromkeys(rules)
        if rule not in of_use and _kinds(rule) <= looked_for
        and any(in_scope(rule, report) for report in reports)
    ]  # fmt: skip


def in_scope(rule: Rule, report: Report) -> bool:
    """Tell whether a rule is for what a report is of: by its name, a tag or its repository."""
    if not rule.scope:
        return True
    names = [report.name]
    if image := report.image:
        names += [*image.tags, *image.digests, *(name.partition("@")[0] for name in image.digests)]
    return any(_glob(glob).fullmatch(name) for glob in rule.scope for name in names)


def is_over(rule: Rule, report: Report) -> bool:
    """Tell whether a rule excuses nothing any more."""
    return bool(rule.until) and report.created[:10] >= rule.until


def expired(reports: Sequence[Report]) -> list[Rule]:
    """Return the rules that would have excused something, but are over."""
    return list(dict.fromkeys(
        rule for report in reports for rule in report.applied
        if is_over(rule, report)
    ))  # fmt: skip


def _kinds(rule: Rule) -> set[Kind]:
    id = canonical(rule.id)
    if len(rule.kinds) > 1 and id:
        if re.match(r"(CVE|GHSA|GO|RUSTSEC|PYSEC|DLA|DSA|USN|RHSA|ALSA)-", id) or rule.purls:
            return {"vulnerability"}
        if re.match(r"(DS|KSV|KCV|DF|K8S|IMG|DC|DL|CIS)-?\d", id):
            return {"misconfiguration"}
    return set(rule.kinds)


def _reason(rule: Rule) -> str:
    approved = f"approved by {rule.approver}" if rule.approver else ""
    more = [text for text in (rule.owner, rule.ticket, approved) if text]
    if rule.until:
        more.append(f"until {rule.until}")
    by = f" by {rule.where}" if rule.where else " by the ignore file"
    why = f": {rule.statement}" if rule.statement else by
    return f"ignored{why}" + (f" ({', '.join(more)})" if more else "")


def _paths(package: Package) -> tuple[str, ...]:
    return package.path, f"{package.path}/{package.inner}"


def _is_same(wanted: str, purl: str) -> bool:
    """Compare purls: a wanted one without a version stands for all of them."""
    plain = purl.partition("?")[0]
    name = plain.rpartition("@")[0] or plain
    return wanted.partition("?")[0] in (plain, name)


def _is_package(wanted: str, named: _Named) -> bool:
    full = f"{named.package}@{named.version}"
    return bool(named.package) and any(
        _glob(wanted).fullmatch(name) for name in (named.package, full)
    )


def _has_digest(image: Image | None, index: int, wanted: str) -> bool:
    if image is None or not 0 <= index < len(image.layers):
        return False
    layer = image.layers[index]
    return layer.digest.startswith(wanted) or layer.diff_id.startswith(wanted)


@lru_cache(maxsize=512)
def _glob(glob: str) -> re.Pattern[str]:
    parts = re.findall(r"\*\*/?|\*|\?|\{[^{}]*\}|[^*?{]+|\{", glob)
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(p) or _literal(p) for p in parts), re.DOTALL)


def _literal(part: str) -> str:
    if part.startswith("{") and part.endswith("}"):
        return f"(?:{'|'.join(map(re.escape, part[1:-1].split(',')))})"
    return re.escape(part)
