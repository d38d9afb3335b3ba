"""`policy show`, `policy test` and `policy schema`.

Tests are YAML, a list of cases in one or several documents:

    policy: pratique.yaml            # beside the file of tests
    tests:
    - name: an exploited flaw stops a release
      environment: production        # if the policy has some
      report: reports/shop.json      # a saved report …
      finding: {id: CVE-2021-44228, severity: CRITICAL, package: log4j-core, fixed: [2.17.1],
                exploited: true}     # … or one finding, or several as `findings`
      expect: deny                   # deny, warn or pass
      gates: [exploited flaws]       # the gates that must be broken, if it matters which
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from msgspec import json, to_builtins

from pratique.cli.judging import lines_of, policy_named
from pratique.cli.parser import Asked
from pratique.cli.policy_schema import schema
from pratique.codecs.located import Map, documents
from pratique.config import FILE
from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES, Epss, Exploited
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory, Package
from pratique.model.policy import Policy, Verdict
from pratique.model.report import Report
from pratique.policy import verdict
from pratique.policy.ready import READY
from pratique.saved import read_report

_FAILED = 1
_KEYS = {"name", "report", "finding", "findings", "expect", "gates", "environment", "policy"}
_FINDING = {"id", "severity", "package", "version", "type", "fixed", "exploited", "epss",
            "published", "path"}  # fmt: skip


def run(asked: Asked) -> int:
    """Do what is asked; return 1 where a test fails."""
    action, target = asked.words["action"], asked.target or FILE
    if action == "schema":
        print(json.format(json.encode(schema()), indent=2).decode())
        return 0
    if action == "show":
        policy = policy_named(target, asked.settings.environment)
        print("\n".join(_shown(policy)))
        return 0
    return _test(target)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error


def _shown(policy: Policy) -> Iterator[str]:
    yield f"# {policy.name}: {len(policy.gates)} gates"
    if policy.required:
        yield f"exceptions: {{require: [{', '.join(policy.required)}]}}"
    yield "gates:" if policy.gates else "gates: []"
    for gate in policy.gates:
        values = {k: v for k, v in to_builtins(gate).items() if v not in (None, "", [], ())}
        yield f"- name: {values.pop('name')!r}"
        for key, value in values.items():
            name = {"origin": "from"}.get(key, key.replace("_", "-"))
            yield f"  {name}: {json.encode(value).decode()}"


def _test(path: str) -> int:
    failed = total = 0
    for document in documents(_text(path), path):
        if not isinstance(document, Map) or not isinstance(document.get("tests"), list):
            raise UsageError(f"{path}: tests are a mapping with `policy` and `tests`")
        for case in document["tests"]:
            total += 1
            problem = _problem(case, document, path)
            name = case.get("name") or f"test {total}"
            print(f"{'FAIL' if problem else 'ok  '}  {name}{f': {problem}' if problem else ''}")
            failed += bool(problem)
    if not total:
        raise UsageError(f"{path}: there are no tests")
    print(f"{total - failed} of {total} tests passed")
    return _FAILED if failed else 0


def _problem(case: Any, document: Map, path: str) -> str:
    """Return how a case comes out otherwise than expected; empty where it is as expected."""
    if not isinstance(case, Map) or (unknown := sorted(set(case) - _KEYS)):
        what = "no mapping" if not isinstance(case, Map) else f"unknown key {unknown[0]!r}"
        raise UsageError(f"{path}: a test is {what}")
    beside = os.path.dirname(path)
    named = str(case.get("policy") or document.get("policy") or FILE)
    file = named if named in READY else os.path.join(beside, named)
    policy = policy_named(file, str(case.get("environment") or ""))
    found = [verdict(report, policy) for report in _reports(case, beside, path)]
    expected, got = case.get("expect"), _decision(found)
    if expected not in ("deny", "warn", "pass"):
        raise UsageError(f"{path}:{case.start}: `expect` is deny, warn or pass")
    if got != expected:
        for one in found:
            print("\n".join(lines_of(Report("test", "", Inventory(), ()), one)), file=sys.stderr)
        return f"{got}, expected {expected}"
    broken = {breach.gate for one in found for breach in one.breaches}
    missing = [gate for gate in case.get("gates") or () if gate not in broken]
    return f"gate {missing[0]!r} is not broken" if missing else ""


def _decision(found: list[Verdict]) -> str:
    if not all(one.passed for one in found):
        return "deny"
    return "warn" if any(one.breaches for one in found) else "pass"


def _reports(case: Map, beside: str, path: str) -> list[Report]:
    if "report" in case:
        return read_report(os.path.join(beside, str(case["report"])))
    listed = case.get("findings") or ([case["finding"]] if "finding" in case else [])
    findings = tuple(_finding(one, f"{path}:{case.start}") for one in listed)
    packages = tuple(dict.fromkeys(f.package for f in findings))
    return [Report("test", "container_image", Inventory(packages), findings,
                   scanners=("vuln", "secret", "misconfig", "license"),
                   created="2026-01-01T00:00:00Z")]  # fmt: skip


def _finding(given: Any, where: str) -> Finding:
    if not isinstance(given, Map) or (unknown := sorted(set(given) - _FINDING)):
        what = "a mapping" if not isinstance(given, Map) else f"without {unknown[0]!r}"
        raise UsageError(f"{where}: a finding must be {what}")
    severity = str(given.get("severity", "UNKNOWN")).upper()
    if severity not in SEVERITIES:
        raise UsageError(f"{where}: `severity` is none of {', '.join(SEVERITIES)}")
    name, version = str(given.get("package", "package")), str(given.get("version", "1"))
    kind, place = str(given.get("type", "generic")), str(given.get("path", ""))
    package = Package(place, "", kind, name, version)
    fixed = given.get("fixed") or ()
    return Finding(
        package, str(given.get("id", "CVE-0000-0000")), (), (), (), "", (),
        tuple(map(str, [fixed] if isinstance(fixed, str) else fixed)), severity, "", (), "affected",
        Exploited("2021-01-01", "2021-01-02") if given.get("exploited") else None,
        Epss(round(float(given["epss"]) * 100_000), 0) if "epss" in given else None,
        published=str(given.get("published", "")),
    )  # fmt: skip
