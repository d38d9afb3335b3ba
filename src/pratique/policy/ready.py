"""Policies that are ready to use, by name."""

from __future__ import annotations

from pratique.model.policy import FindingGate, Gate, ReportGate

_EXPLOITED = FindingGate(name="exploited flaws", exploited=True, fixable=True)
_SECRETS = FindingGate(name="secrets", on=("secret",), severity="HIGH")
READY: dict[str, tuple[Gate, ...]] = {
    "default": (
        _EXPLOITED,
        FindingGate(name="critical flaws with a fix", severity="CRITICAL", fixable=True),
        _SECRETS,
        FindingGate(name="high flaws with a fix", severity="HIGH", fixable=True, action="warn"),
        FindingGate(name="critical misconfiguration", on=("misconfiguration",),
                    severity="CRITICAL"),
        ReportGate(name="end of life", end_of_life=False, action="warn"),
    ),
    "strict": (
        FindingGate(name="exploited flaws", exploited=True),
        FindingGate(name="high flaws with a fix", severity="HIGH", fixable=True),
        FindingGate(name="critical flaws", severity="CRITICAL"),
        FindingGate(name="likely exploited", epss=0.5),
        FindingGate(name="secrets", on=("secret",)),
        FindingGate(name="high misconfiguration", on=("misconfiguration",), severity="HIGH"),
        ReportGate(name="all was checked", unchecked=0, database_age=48, end_of_life=False),
        ReportGate(name="not root", user="non-root"),
    ),
    # PCI DSS 4.0.1: 6.3.3 critical and high within a month, 6.3.1, 8.6.2 no passwords in code
    "pci": (
        FindingGate(name="PCI 6.3.3: critical and high flaws with a fix, after 30 days",
                    severity="HIGH", fixable=True, known_for=30),
        FindingGate(name="PCI 6.3.3: exploited flaws", exploited=True, fixable=True),
        FindingGate(name="PCI 8.6.2: secrets", on=("secret",)),
        ReportGate(name="PCI 6.3.3: components that get fixes", end_of_life=False),
        ReportGate(name="PCI 6.3.1: newest advisories", database_age=24),
    ),
    # CIS Docker Benchmark 1.6, section 4
    "cis": (
        ReportGate(name="CIS 4.1: a user that is not root", user="non-root"),
        FindingGate(name="CIS 4.4: security patches", severity="HIGH", fixable=True),
        FindingGate(name="CIS 4.10: no secrets", on=("secret",)),
        FindingGate(name="CIS 4.6, 4.7, 4.9: the Dockerfile", on=("misconfiguration",),
                    severity="MEDIUM"),
        ReportGate(name="CIS 4.2: current releases", end_of_life=False),
    ),
}  # fmt: skip
"""What they deny can be read here, and is printed by `pratique policy show NAME`."""
