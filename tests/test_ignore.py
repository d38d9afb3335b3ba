from __future__ import annotations

import pytest
from msgspec.structs import replace

from pratique.errors import UsageError
from pratique.ignore import Rule, judge, read_lines, read_yaml
from pratique.model.finding import Finding
from pratique.model.inventory import Package
from pratique.model.purl import purl

LODASH = Package("app/node_modules/lodash/package.json", "node-pkg", "npm", "lodash", "4.17.15")
FOUND = Finding(LODASH, "CVE-2020-8203", ("GHSA-p6mc-m468-83gw",), ("GHSA-p6mc-m468-83gw",), (0,),
                "npm", (), ("4.17.19",), "HIGH", "ghsa", (), "fixed")  # fmt: skip
TODAY = "2026-11-24"


def ignored(rule: Rule) -> bool:
    [judged] = judge([FOUND], [rule], "x.tar", TODAY)
    return bool(judged.reason)


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
    [judged] = judge([FOUND], found.rules, "x.tar", TODAY)
    assert judged.reason == "ignored: not reachable"


@pytest.mark.parametrize(
    "text", ["[", "- a", "vulnerabilities: x", "vulnerabilities: [{}]", "vulnerabilities: [1]",
             "vulnerabilities: [{id: a, expired_at: soon}]", "vulnerabilities: [{id: a, paths: 1}]"],
)  # fmt: skip
def test_broken_yaml_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match=r"f\.yaml"):
        read_yaml(text, "f.yaml")


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
