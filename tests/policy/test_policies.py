"""Policies: what a gate is about, what it says, and what a broken one is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

import reports
from pratique.entries import entries
from pratique.errors import UsageError
from pratique.model.baseline import Baseline
from pratique.model.policy import Verdict
from pratique.model.report import Base, Lifecycle, Report
from pratique.policy import verdict
from pratique.policy.reading import fail_on, is_word, read_policy, ready
from pratique.policy.ready import READY


def decide(gates: str, report: Report, environment: str = "") -> Verdict:
    return verdict(report, read_policy(gates, "policy.yaml", environment))


def one(condition: str, report: Report) -> int:
    """Count the findings that a gate with one more condition is about."""
    found = decide(f"gates:\n- name: x\n  {condition}\n", report).breaches
    return len(found[0].entries) if found else 0


FIFTY = reports.with_findings(50)
"""49 flaws that count: a fifth of each severity, two of three with a fix, one exploited."""


@pytest.mark.parametrize(("condition", "count"), [
    ("severity: CRITICAL", 9), ("severity: high", 19), ("fixable: true", 33), ("fixable: false", 16),
    ("exploited: true", 1), ("epss: 0.1", 49), ("epss: 0.5", 0), ("id: [CVE-2024-0007]", 1),
    ("id: ['GHSA-0007*']", 1), ("package: lib*", 25), ("path: 'app/**'", 24), ("from: base", 25),
    ("from: app", 24), ("known-for: 30d", 49), ("known-for: 800d", 0), ("on: secret", 1),
    ("on: [secret, license]", 2), ("on: misconfig", 1), ("allow: 49", 0), ("allow: 48", 49),
])  # fmt: skip
def test_a_condition(condition: str, count: int) -> None:
    assert one(condition, FIFTY) == count


def test_conditions_hold_together() -> None:
    assert one("severity: CRITICAL\n  fixable: true\n  from: app", FIFTY) == sum(
        e.severity == "CRITICAL" and bool(e.fixed) and not e.from_base for e in entries(FIFTY)
    )


def test_state_against_the_baseline() -> None:
    states = {e.fingerprint: "unchanged" for e in entries(FIFTY)}
    fresh = next(e for e in entries(FIFTY))
    states[fresh.fingerprint] = "new"
    held = replace(FIFTY, baseline=Baseline("main", "", states))  # type: ignore[arg-type]
    assert one("state: new", held) == 1
    assert one("state: [new, disclosed, unchanged]", held) == 49


def test_expressions() -> None:
    pytest.importorskip("cel_expr_python")
    assert one("when: finding.severity == 'LOW' && finding.score > 9.0", FIFTY) == 10
    assert one("when: \"'CWE-79' in finding.cwes && report.distro.id == 'debian'\"", FIFTY) == 49
    with pytest.raises(UsageError, match=r"gate 'x'.*when"):
        one("when: finding.nothing == 1", FIFTY)
    with pytest.raises(UsageError, match="neither true nor false"):
        one("when: finding.severity", FIFTY)


def test_a_breach_says_what_and_what_would_do() -> None:
    [breach] = decide(
        "gates:\n- {name: fixable, severity: CRITICAL, fixable: true}", FIFTY
    ).breaches
    assert breach.what.startswith("6 vulnerabilities: CVE-2024-")
    assert {u.to for change in breach.changes for u in change.upgrades} == {"2.0"}
    assert sum(len(change.removes) for change in breach.changes) == 6


WHOLE = replace(
    reports.with_findings(1), lifecycle=Lifecycle(True, "2024-01-01"), base=Base(1, "debian:9", ""),
)  # fmt: skip


@pytest.mark.parametrize(("condition", "breaks"), [
    ("base: ['registry.example/*']", True), ("base: ['debian:*']", False), ("size: 10B", True),
    ("size: 1MB", False), ("user: non-root", True), ("end-of-life: false", True),
    ("unchecked: 0", True), ("unchecked: 1", False), ("scanners: [vuln]", False), ("age: 30d", True),
    ("base-age: 30d", True), ("base-pinned: true", True), ("base-pinned: false", False), ("scanners: [vuln, secret]", False),
])  # fmt: skip
def test_a_condition_on_the_whole(condition: str, breaks: bool) -> None:
    assert bool(decide(f"gates: [{{name: x, {condition}}}]", WHOLE).breaches) == breaks


def test_until_its_day_a_gate_warns() -> None:
    gates = "gates: [{name: x, severity: CRITICAL, until: 2026-03-01}]"
    found = decide(gates, FIFTY)
    assert found.passed
    assert found.breaches[0].reason == "denied from 2026-03-01 on"
    later = replace(FIFTY, created="2026-03-01T00:00:00Z")
    assert not decide(gates, later).passed


def test_environments() -> None:
    gates = """
policy:
  gates:
  - {name: x, severity: LOW}
  environments:
    dev: {action: warn}
    production: {use: [strict]}
"""
    assert not decide(gates, FIFTY).passed
    assert decide(gates, FIFTY, "dev").passed
    assert len(decide(gates, FIFTY, "production").breaches) > 3
    with pytest.raises(UsageError, match="no environment 'x': it has dev, production"):
        decide(gates, FIFTY, "x")


def test_own_gates_replace_ready_ones_of_their_name() -> None:
    policy = read_policy("use: default\ngates:\n- {name: secrets, on: secret, allow: 5}", "x")
    assert sum(gate.name == "secrets" for gate in policy.gates) == 1
    assert len(policy.gates) == len(READY["default"])


@pytest.mark.parametrize("name", READY)
def test_ready_policies_hold_on_every_report(name: str) -> None:
    empty = verdict(reports.empty(), ready(name))
    assert all("root" in b.what or "advisories" in b.what for b in empty.breaches if b.entries)
    assert not verdict(reports.with_findings(50), ready(name)).passed


@pytest.mark.parametrize(("words", "gates"), [
    (("critical",), 1), (("high", "critical", "secret"), 1), (("exploited",), 1),
    (("any",), 1), (("critical", "kev", "eol"), 3), (("epss>=0.3", "high"), 1),
])  # fmt: skip
def test_fail_on(words: tuple[str, ...], gates: int) -> None:
    assert all(map(is_word, words))
    assert len(fail_on(words).gates) == gates
    assert verdict(reports.empty(), fail_on(words)).passed


@pytest.mark.parametrize(("text", "says"), [
    ("", "no policy"), ("[]", "no policy"), ("policy: 3", "must be a mapping"),
    ("gates: 3", "must be a list"), ("gates: [3]", "gate 1 must be a mapping"),
    ("gates: []", "without gates"), ("use: [x]", "no policy 'x'"), ("wrong: 1", ":1: unknown key"),
    ("gates:\n- name: x\n  severty: LOW", ":3: 'severty' is no condition"),
    ("gates:\n- name: x\n  severity: BAD", ":3: `severity`: 'BAD' is none of"),
    ("gates:\n- name: x\n  fixable: 3", ":3: `fixable`: 3 is neither true nor false"),
    ("gates:\n- name: x\n  size: big", "no size"), ("gates:\n- name: x\n  known-for: x", "duration"),
    ("gates:\n- name: x\n  on: flaws", "'flaws' is none of"),
    ("gates:\n- name: x\n  base: a\n  severity: LOW", "no condition of such a gate"),
    ("gates:\n- name: x\n  until: soon", "no day"),
])  # fmt: skip
def test_a_broken_policy_gets_one_clear_line(text: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_policy(text, "p.yaml")
    assert says in raised.value.message
    assert "\n" not in raised.value.message
