"""Reports that formats must be able to write: none, many, strange and hostile ones."""

from __future__ import annotations

from msgspec.structs import replace

from pratique.model.advisory import Epss, Exploited, Prose, Rating
from pratique.model.finding import Finding
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Distro, Inventory, Package, Problem
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.report import Base, Report
from pratique.model.secret import Secret

CREATED = "2026-01-02T03:04:05Z"
SCANNERS = ("vuln", "misconfig", "secret", "license")
HOSTILE = (
    "<script>alert(1)</script>\"'> \x1b[31m\x07 [x](javascript:alert(1)) | ``` \n---\n@everyone "
    "=cmd|' /C calc'!A0 {{7*7}} ${x} &amp; <![CDATA[ ]]> \u202e \x00 ï»¿ 日本"
)


def image(layers: int = 2) -> Image:
    made = ("RUN apt-get install x", "COPY . /app")
    return Image(
        "registry.example/shop:1.0", Digest(f"sha256:{'1' * 64}"),
        tuple(Layer(Digest(f"sha256:{n:064d}"), Digest(f"sha256:{n + 100:064d}"), 10,
                    created_by=made[n % 2]) for n in range(layers)),
        "linux/amd64", ("registry.example/shop:1.0",),
        (f"registry.example/shop@sha256:{'2' * 64}",), {"os": "linux"}, 20,
    )  # fmt: skip


def empty() -> Report:
    return Report("empty", "container_image", Inventory(), (), image(0), scanners=SCANNERS,
                  created=CREATED)  # fmt: skip


def unknown_distribution() -> Report:
    package = Package("etc/x", "dpkg", "deb", "bash", "1", introduced=0, changed=0)
    inventory = Inventory((package,), Distro("etc/os-release", "haikuish", "7", "Haikuish 7"))
    return Report("odd", "container_image", inventory, (), image(), missing=("haikuish:7",),
                  problems=(Problem("no advisories", "etc/os-release", 0),), scanners=SCANNERS,
                  created=CREATED)  # fmt: skip


def with_findings(count: int, words: str = "a flaw") -> Report:
    """Return a report with findings of all kinds, `words` wherever words can stand."""
    packages = tuple(_package(n, words) for n in range(max(1, count // 5)))
    findings = tuple(_finding(packages[n % len(packages)], n, words) for n in range(count))
    failure = Misconfiguration(
        "DF-0002", ("DS-0002",), "dockerfile", f"app/Dockerfile {words}", words, words, "HIGH",
        words, words, ("https://example.com/x",), words, 1, 2, (words, "b"), None, 1,
    )  # fmt: skip
    secret = Secret(f"app/.env {words}", "github-pat", "GitHub", words, "CRITICAL", 3, 3,
                    f"TOKEN=**** {words}", "m", 1, -1)  # fmt: skip
    return Report(
        f"shop {words}", "container_image",
        Inventory(packages, Distro("etc/os-release", "debian", "12", "Debian 12")),
        findings[1:], image(),
        (_judged(findings[0], words),), (Problem(words, words, 1),),
        base=Base(1, words, "its history"), secrets=(secret,),
        examined=(Examined("app/Dockerfile", "dockerfile", 3, (failure,)),),
        licenses=(LicenseFinding(f"GPL {words}", "copyleft", "HIGH", words, "1"),),
        scanners=SCANNERS, created=CREATED,
    )  # fmt: skip


def _package(number: int, words: str) -> Package:
    if number % 2:
        return Package("var/lib/dpkg/status", "dpkg", "deb", f"lib{number}", "1.0-1", "amd64",
                       introduced=0, changed=0)  # fmt: skip
    return Package(f"app/{words}/x-{number}.dist-info/METADATA", "python-pkg", "pypi",
                   f"name{number}{words[:40]}", "1.0", line=number, introduced=1,
                   changed=1)  # fmt: skip


def _finding(package: Package, number: int, words: str) -> Finding:
    severity = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN")[number % 5]
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    return Finding(
        package, f"CVE-2024-{number:04d}", (f"GHSA-{number:04d}-{words[:20]}",), ("R",), (number,),
        "PyPI", (">=0, <2",), ("2.0",) if number % 3 else (), severity, "nvd",
        (Rating("nvd", severity, vector, 9.8),), "fixed" if number % 3 else "affected",
        Exploited("2024-01-01", "2024-02-01") if number % 50 == 1 else None,
        Epss(12345, 99000, "2026-01-01"), ("CWE-79",), "2024-01-01T00:00:00Z",
        "2024-01-02T00:00:00Z", "",
        Prose(words, f"{words}\n\n{words}", ("https://example.com/a", words)), (words,),
    )  # fmt: skip


def _judged(finding: Finding, words: str) -> Finding:
    return replace(finding, status="not_affected", reason=f"not reached: {words}")
