from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pratique.errors import UsageError
from pratique.ignore import apply, expired, unused
from pratique.ignore.files import read_lines, read_yaml
from pratique.ignore.own import read_own
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Inventory, Package
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.purl import purl
from pratique.model.report import Base, Report
from pratique.model.secret import Secret

LODASH = Package("app/node_modules/lodash/package.json", "node-pkg", "npm", "lodash", "4.17.15")
FOUND = Finding(LODASH, "CVE-2020-8203", ("GHSA-p6mc-m468-83gw",), ("GHSA-p6mc-m468-83gw",), (0,),
                "npm", (), ("4.17.19",), "HIGH", "ghsa", (), "fixed")  # fmt: skip
TODAY = "2026-11-24"


def reported(*findings: Finding, **more: Any) -> Report:
    return Report("x.tar", "container_image", Inventory(), findings, created=TODAY, **more)


def ignored(rule: Rule) -> bool:
    return bool(apply(reported(FOUND), [rule]).suppressed)


def test_lines_are_ids_comments_and_dates() -> None:
    found = read_lines("# why\n\nCVE-1\nCVE-2 exp:2027-01-01\n  CVE-3  \nCVE-4 exp:soon\n", "f")
    assert [(rule.id, rule.until) for rule in found.rules] == [
        ("CVE-1", ""), ("CVE-2", "2027-01-01"), ("CVE-3", ""),
    ]  # fmt: skip
    assert found.warnings == ("f:6: 'exp:soon' is no date: the line is ignored",)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("CVE-2020-8203"), True),
        (Rule("GHSA-p6mc-m468-83gw"), True),
        (Rule("CVE-2020-1"), False),
        (Rule("CVE-2020-8203", until="2026-11-25"), True),
        (Rule("CVE-2020-8203", until="2026-11-24"), False),
        (Rule("CVE-2020-8203", paths=("app/**",)), True),
        (Rule("CVE-2020-8203", paths=("**/lodash/*.json",)), True),
        (Rule("CVE-2020-8203", paths=("app/*",)), False),
        (Rule("CVE-2020-8203", paths=("x.tar",)), True),
        (Rule("CVE-2020-8203", purls=("pkg:npm/lodash",)), True),
        (Rule("CVE-2020-8203", purls=("pkg:npm/lodash@4.17.15",)), True),
        (Rule("CVE-2020-8203", purls=("pkg:npm/lodash@4.17.16",)), False),
        (Rule("CVE-2020-8203", purls=("pkg:npm/lodash", "pkg:npm/x"), paths=("y",)), False),
    ],
)
def test_a_rule_applies_by_id_date_path_and_purl(rule: Rule, expected: bool) -> None:
    assert ignored(rule) is expected


def test_yaml_has_reasons() -> None:
    found = read_yaml(
        "vulnerabilities:\n  - id: CVE-2020-8203\n    statement: not reachable\n"
        "    expired_at: 2027-01-01\n    paths: [app/**]\nmisconfigurations: []\n", "f.yaml",
    )  # fmt: skip
    [judged] = apply(reported(FOUND), found.rules).suppressed
    assert judged.reason == "ignored: not reachable (until 2027-01-01)"


@pytest.mark.parametrize(
    "text", ["[", "- a", "vulnerabilities: x", "vulnerabilities: [{}]", "vulnerabilities: [1]",
             "vulnerabilities: [{id: a, expired_at: soon}]", "vulnerabilities: [{id: a, paths: 1}]"],
)  # fmt: skip
def test_broken_yaml_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match=r"f\.yaml"):
        read_yaml(text, "f.yaml")


FAILURE = Misconfiguration("DF-0001", ("DS-0002", "CIS-4.1"), "dockerfile", "app/Dockerfile", "t", "w",
                           "HIGH", "m", "r", start=3, end=3)  # fmt: skip
SECRET = Secret("app/.env", "github-pat", "GitHub", "t", "CRITICAL", 1, 1, "GH=***", layer=2)
LICENSE = LicenseFinding("MIT AND GPL-2.0-only", "copyleft", "HIGH", "left-pad", "1.0", "npm")


def whole() -> Report:
    return reported(FOUND, examined=(Examined("app/Dockerfile", "dockerfile", 3, (FAILURE,)),),
                    secrets=(SECRET,), licenses=(LICENSE,))  # fmt: skip


def reasons(report: Report) -> tuple[str, str, str, str]:
    """Return why the vulnerability, the failure, the secret and the licence do not count."""
    return (
        "".join(f.reason for f in report.suppressed),
        "".join(f.reason for one in report.examined for f in one.suppressed),
        "".join(s.reason for s in report.secrets),
        "".join(x.reason for x in report.licenses),
    )


@pytest.mark.parametrize(
    "id",
    [
        "DF-0001",
        "DS-0002",
        "AVD-DS-0002",
        "DS002",
        "ds-0002",
        "CIS-4.1",
        "least-privilege-user",
        "docker-least-privilege-user",
    ],
)
def test_a_check_is_ignored_by_each_of_its_ids(id: str) -> None:
    report = apply(whole(), [Rule(id)])
    assert reasons(report) == ("", "ignored by the ignore file", "", "")
    assert report.examined[0].failures == ()
    assert report.examined[0].passed == 3


def test_a_line_of_trivyignore_is_for_all_kinds() -> None:
    text = "CVE-2020-8203\nDS-0002\ngithub-pat\nMIT\nGPL-2.0-only\n"
    report = apply(whole(), read_lines(text, ".trivyignore").rules)
    assert reasons(report) == (
        "ignored by .trivyignore:1", "ignored by .trivyignore:2", "ignored by .trivyignore:3",
        "ignored by .trivyignore:4",
    )  # fmt: skip
    assert not report.findings


def test_the_yaml_sections_are_for_their_kind_alone() -> None:
    found = read_yaml(
        "misconfigurations:\n- id: AVD-DS-0002\n  paths: ['**/Dockerfile']\n  statement: lab\n"
        "secrets:\n- id: github-pat\n  paths: [other/**]\n- id: DS-0002\n"
        "licenses:\n- id: MIT AND GPL-2.0-only\nvulnerabilities:\n- id: github-pat\nextra: []\n",
        "f.yaml",
    )
    assert found.warnings == (
        "f.yaml:13: 'extra' is none of vulnerabilities, misconfigurations, secrets, licenses: passed over",
    )
    assert reasons(apply(whole(), found.rules)) == (
        "", "ignored: lab", "", "ignored by f.yaml:10",
    )  # fmt: skip


def test_part_of_a_licence_is_not_the_licence() -> None:
    assert reasons(apply(whole(), [Rule("MIT")]))[3] == ""
    either = replace(whole(), licenses=(replace(LICENSE, name="(MIT OR Apache-2.0) AND ISC"),))
    rules = [Rule("MIT"), Rule("Apache-2.0"), Rule("ISC")]
    assert reasons(apply(either, rules))[3] == "ignored by the ignore file"
    assert reasons(apply(either, rules[:2]))[3] == ""


LAYERS = tuple(Layer(Digest(f"sha256:d{n}"), Digest(f"sha256:c{n}"), 1) for n in range(4))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("id: CVE-2020-8203", True),
        ("package: lodash", True),
        ("package: lod*", True),
        ("package: lodash@4.17.15", True),
        ("package: lodash@4.17.16", False),
        ("path: app/**", True),
        ("path: [b/**, app/node_modules/**]", True),
        ("path: b/**", False),
        ("purl: pkg:npm/lodash", True),
        ("layer: 3", True),
        ("layer: 4", True),
        ("layer: 1", False),
        ("layer: base", True),
        ("layer: sha256:d2", True),
        ("layer: sha256:c0", False),
        ("{id: CVE-2020-8203, package: other}", False),
    ],
)
def test_rules_of_our_own(entry: str, expected: bool) -> None:
    [rule] = read_own(f"severity: HIGH\nignore:\n  - {entry}\n", "pratique.yaml")
    image = Image("x", Digest("sha256:1"), LAYERS, "linux/amd64")
    found = replace(FOUND, package=replace(LODASH, introduced=2, changed=3))
    report = reported(found, image=image, base=Base(3, "debian", "label"))
    assert bool(apply(report, [rule]).suppressed) is expected


def test_a_reason_names_who_and_until_when() -> None:
    [rule] = read_own(
        "ignore:\n- id: CVE-2020-8203\n  reason: not reachable\n  owner: shop\n  ticket: SEC-7\n"
        "  expires: 2027-01-31\n", "pratique.yaml",
    )  # fmt: skip
    assert rule.where == "pratique.yaml:2"
    [found] = apply(reported(FOUND), [rule]).suppressed
    assert found.reason == "ignored: not reachable (shop, SEC-7, until 2027-01-31)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ignore: x", r"p\.yaml:1: `ignore` must be a list"),
        ("ignore:\n- x", r"p\.yaml:1: each entry"),
        ("ignore:\n- id: a\n  why: b", r"p\.yaml:3: 'why' is none of id, package"),
        ("ignore:\n- reason: b", r"p\.yaml:2: an entry needs one of id"),
        ("ignore:\n- id: a\n  expires: soon", r"p\.yaml:3: `expires` is a day"),
        ("ignore:\n- id: a\n  layer: top", r"p\.yaml:3: `layer` is a number"),
        ("ignore:\n- id: a\n  path: {a: b}", r"p\.yaml:3: `path` must be a list"),
        ("ignore:\n- id: [a]", r"p\.yaml:2: `id` must be a text"),
        ("ignore: [", "no YAML"),
    ],
)
def test_a_broken_rule_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_own(text, "p.yaml")


def test_what_is_over_counts_again_and_says_so() -> None:
    rules = [Rule("CVE-2020-8203", "2026-11-24", where="f:1"), Rule("DS-0002", "2026-01-01")]
    report = apply(whole(), rules)
    assert [f.remarks for f in report.findings] == [("ignored until 2026-11-24",)]
    assert [f.remarks for f in report.examined[0].failures] == [("ignored until 2026-01-01",)]
    assert expired([report]) == rules
    assert unused(rules, [report], ["vulnerability", "misconfiguration"]) == []


def test_rules_of_no_use_are_named_where_their_kind_was_looked_for() -> None:
    idle = [Rule("CVE-1"), Rule("DS-0004"), Rule("aws-key"), Rule("x", kinds=("secret",))]
    reports = [apply(whole(), [*idle, Rule("DS-0002")])]
    every = [*idle, Rule("DS-0002")]
    assert unused(every, reports, ["vulnerability"]) == [idle[0]]
    assert unused(every, reports, ["misconfiguration", "secret"]) == [idle[1], idle[3]]
    assert (
        unused(every, reports, ["vulnerability", "misconfiguration", "secret", "license"]) == idle
    )


@given(st.text(max_size=200))
def test_any_text_is_rules_or_a_usage_error(text: str) -> None:
    read_lines(text, "f")
    for read in (read_yaml, read_own):
        for one in (f"ignore: {text}", text):
            with suppress(UsageError):
                read(one, "f")


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        (LODASH, "pkg:npm/lodash@4.17.15"),
        (replace(LODASH, name="@angular/core"), "pkg:npm/%40angular/core@4.17.15"),
        (replace(LODASH, type="pypi", name="Foo_Bar.baz", version="1.0+x"),
         "pkg:pypi/foo-bar-baz@1.0%2Bx"),
        (replace(LODASH, type="maven", name="org.yaml:snakeyaml", version="1.26"),
         "pkg:maven/org.yaml/snakeyaml@1.26"),
        (replace(LODASH, type="golang", name="github.com/Azure/go", version="v1.0.0"),
         "pkg:golang/github.com/azure/go@v1.0.0"),
        (replace(LODASH, type="cocoapods", name="GoogleUtilities/NSData+zlib", version="7.5.2"),
         "pkg:cocoapods/GoogleUtilities@7.5.2#NSData+zlib"),
        (replace(LODASH, type="swift", name="github.com/apple/swift-nio", version="2.40.0"),
         "pkg:swift/github.com/apple/swift-nio@2.40.0"),
        (replace(LODASH, type="deb", name="libssl3", version="1:3.0.9-1", arch="amd64"),
         "pkg:deb/libssl3@3.0.9-1?arch=amd64&epoch=1"),
    ],
)  # fmt: skip
def test_a_purl_follows_the_rules_of_its_type(package: Package, expected: str) -> None:
    assert purl(package) == expected
