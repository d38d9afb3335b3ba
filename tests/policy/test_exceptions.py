"""Exceptions: whom they are for, and what each must state."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from msgspec.structs import replace

from commands import run
from pratique.errors import UsageError
from pratique.ignore import apply, unused
from pratique.ignore.own import read_own
from pratique.model.ignore_rule import Rule
from pratique.model.policy import Policy
from pratique.model.report import Report
from pratique.policy import verdict
from pratique.policy.reading import read_policy
from reports import with_findings

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")
FLAW = "CVE-2021-44228"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("exceptions") / "report.json"
    run("image", "--input", SHOP, "--offline", "-q", "-f", "json", "-o", str(path))
    return str(path)


@pytest.fixture
def report() -> Report:
    return replace(with_findings(6), name="registry.example/shop:1.0")


@pytest.mark.parametrize("scope", [
    "registry.example/shop:1.0", "registry.example/shop", "registry.example/*", "**/shop", "**",
    "registry.example/shop@sha256:*", "{registry.example/shop,other}:1.*",
])  # fmt: skip
def test_images_that_a_scope_means(report: Report, scope: str) -> None:
    rule = Rule("CVE-2024-0001", scope=(scope,))
    assert apply(report, [rule]).applied == (rule,)


@pytest.mark.parametrize("scope", ["shop", "registry.example/other", "*", "registry.example/sho"])
def test_images_that_it_does_not(report: Report, scope: str) -> None:
    rule = Rule("CVE-2024-0001", scope=(scope,))
    judged = apply(report, [rule])
    assert judged.findings == report.findings
    assert unused([rule], [judged], ["vulnerability"]) == []  # it is for others, not idle


def test_a_rule_for_this_image_that_matches_nothing_is_named(report: Report) -> None:
    rule = Rule("CVE-1999-0001", scope=("registry.example/**",))
    assert unused([rule], [apply(report, [rule])], ["vulnerability"]) == [rule]


def test_scope_and_approver_are_read() -> None:
    [one, many] = read_own(
        "ignore:\n- {id: CVE-1, scope: a/*, approver: Ann}\n- {id: CVE-2, scope: [a, b]}\n", "x"
    )
    assert (one.scope, one.approver) == (("a/*",), "Ann")
    assert many.scope == ("a", "b")
    with pytest.raises(UsageError, match="x:1: an entry needs one of id"):
        read_own("ignore: [{scope: a/*}]", "x")
    with pytest.raises(UsageError, match="`scope` must be a list of texts"):
        read_own("ignore: [{id: x, scope: {a: b}}]", "x")


def test_the_reason_tells_who_approved(report: Report) -> None:
    [rule] = read_own("ignore: [{id: CVE-2024-0001, reason: r, owner: o, approver: Ann}]", "x")
    gone = apply(report, [rule]).suppressed[-1]
    assert gone.reason == "ignored: r (o, approved by Ann)"


def test_what_a_policy_requires(report: Report) -> None:
    policy = Policy("p", (), required=("reason", "owner", "expires"))
    good = Rule("CVE-2024-0001", "2027-01-01", statement="r", owner="o", where="a:1")
    poor = Rule("CVE-2024-0002", statement="r", where="a:2")
    over = Rule("CVE-2024-0003", "2020-01-01", where="a:3")
    assert verdict(apply(report, [good, over]), policy).passed
    found = verdict(apply(report, [good, poor, over]), policy)
    assert not found.passed
    [breach] = found.breaches
    assert "CVE-2024-0002 in a:2 (no owner, no expires)" in breach.what
    assert found.gates == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exceptions: {require: [nonsense]}", "'nonsense' is none of reason"),
        ("exceptions: {need: [reason]}", "unknown key 'need'"),
        ("exceptions: [reason]", "`exceptions` must be a mapping"),
        ("exceptions: {require: 3}", "must be a text or a list"),
        ("exceptions: {}", "a policy without gates"),
    ],
)
def test_policies_that_are_none(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_policy(text, "x")


def test_an_environment_may_require_less() -> None:
    text = (
        "exceptions: {require: [reason, owner]}\n"
        "environments: {dev: {exceptions: {require: reason}}, prod: {action: deny}}\n"
    )
    assert read_policy(text, "x").required == ("reason", "owner")
    assert read_policy(text, "x", "dev").required == ("reason",)
    assert read_policy(text, "x", "prod").required == ("reason", "owner")


def test_justification_by_the_command_line(saved: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        f"ignore:\n- id: {FLAW}\n- {{id: CVE-2021-45046, reason: not reached, approver: Ann}}\n"
        "- {id: CVE-2021-45105, scope: elsewhere/**}\n"
    )
    words = ("convert", saved, "-c", str(tmp_path / "x.yaml"))
    assert run(*words).returncode == 0
    failed = run(*words, "--require-justification", check=False)
    assert failed.returncode == 1
    assert "1 exception lacks what the policy requires" in failed.stderr
    assert f"{FLAW} in {tmp_path}/x.yaml:2 (no reason)" in failed.stderr
    assert "CVE-2021-45105" not in failed.stderr
    # findings still count for --exit-code alone
    (tmp_path / "x.yaml").write_text(f"ignore: [{{id: {FLAW}, reason: x}}]")
    assert run(*words, "--require-justification").returncode == 0
    assert run(*words, "--require-justification", "--exit-code", "7", check=False).returncode == 7


def test_comments_without_a_reason_are_exceptions_too(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM debian:12\n# pratique:ignore DF-0001\nUSER root\nHEALTHCHECK CMD true\n"
    )
    words = ("config", str(tmp_path), "--require-justification")
    failed = run(*words, check=False)
    assert failed.returncode == 1
    assert "lacks what the policy requires: Dockerfile:2" in failed.stderr
    text = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(text.replace("DF-0001", "DF-0001 reason: a debugger"))
    assert run(*words).returncode == 0


def test_what_is_required_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("exceptions: {require: [reason, owner]}\n")
    shown = run("policy", "show", str(path)).stdout
    assert yaml.safe_load(shown) == {"exceptions": {"require": ["reason", "owner"]}, "gates": []}
    (tmp_path / "again.yaml").write_text(shown)
    assert (
        run("policy", "show", str(tmp_path / "again.yaml")).stdout.split("\n")[1:]
        == (shown.split("\n")[1:])
    )


def test_the_schema_knows_them(tmp_path: Path) -> None:
    schema = json.loads(run("policy", "schema").stdout)
    document = yaml.safe_load(
        "ignore: [{id: x, scope: [a/*], approver: Ann}]\n"
        "policy: {use: default, exceptions: {require: [reason, approver]}}\n"
    )
    jsonschema_rs.validate(schema, document)
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, {"policy": {"exceptions": {"require": ["x"]}}})
