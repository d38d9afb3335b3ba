"""The gate as a user meets it: exit statuses, what is said, and their own tests of a policy."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from commands import run

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("gate") / "report.json"
    run("image", "--input", SHOP, "--offline", "-q", "-f", "json", "-o", str(path))
    return str(path)


def test_report_all_and_fail_on_some(saved: str) -> None:
    failed = run("convert", saved, "--fail-on", "exploited", check=False)
    assert failed.returncode == 1
    assert "420 findings" in failed.stdout
    assert "FAILED: examples/shop.tar" in failed.stderr or "FAILED: " in failed.stderr
    assert "to pass: upgrade org.apache.logging.log4j:log4j-core 2.14.1 to 2.16.0" in failed.stderr
    assert run("convert", saved, "--fail-on", "exploited", "--exit-code", "9",
               check=False).returncode == 9  # fmt: skip
    assert run("convert", saved, "--fail-on", "epss>=0.99").returncode == 0


def test_a_policy_decides_instead_of_the_exit_code(saved: str, tmp_path: Path) -> None:
    policy = tmp_path / "gates.yaml"
    policy.write_text("gates: [{name: many, severity: CRITICAL, allow: 100}]")
    passed = run("convert", saved, "--gates", str(policy), "--exit-code", "9")
    assert passed.returncode == 0
    assert "OK: " in passed.stderr


def test_the_verdict_is_in_json_and_markdown(saved: str) -> None:
    said = run("convert", saved, "--gates", "default", "-f", "json", check=False)
    document = json.loads(said.stdout)
    [verdict] = document["Pratique"]["Reports"][0]["Verdicts"]
    assert verdict["Passed"] is False
    assert {b["Action"] for b in verdict["Breaches"]} == {"deny", "warn"}
    markdown = run("convert", saved, "--gates", "default", "-f", "markdown", check=False).stdout
    assert "**Policy default**: ❌ failed" in markdown


def test_the_policy_of_the_configuration_and_its_environments(saved: str, tmp_path: Path) -> None:
    config = tmp_path / "own.yaml"
    config.write_text(
        "severity: CRITICAL\npolicy:\n  use: default\n  environments:\n    dev: {action: warn}\n"
    )
    assert run("convert", saved, "-c", str(config), check=False).returncode == 1
    assert run("convert", saved, "-c", str(config), "--env", "dev").returncode == 0
    wrong = run("convert", saved, "-c", str(config), "--env", "test", check=False)
    assert wrong.returncode == 2
    assert "no environment 'test': it has dev" in wrong.stderr


def test_vex_suppresses_and_lint_says_what_is_of_no_use(saved: str, tmp_path: Path) -> None:
    def statement(flaw: str, product: str) -> dict[str, object]:
        return {"vulnerability": {"name": flaw}, "products": [{"@id": product}],
                "status": "not_affected", "justification": "component_not_present"}  # fmt: skip

    log4j = "pkg:maven/org.apache.logging.log4j/log4j-core"
    vex = tmp_path / "x.openvex.json"
    vex.write_text(json.dumps({
        "@context": "https://openvex.dev/ns/v0.2.0", "author": "Ann", "statements": [
            statement("CVE-2021-44228", log4j), statement("CVE-2021-45046", f"{log4j}@2.99"),
            statement("CVE-1999-0001", log4j), statement("CVE-2021-45046", "log4j")],
    }))  # fmt: skip
    said = run("convert", saved, "--vex", str(vex), "--show-suppressed").stdout
    assert "419 findings" in said
    assert "not_affected by Ann" in said
    lint = run("vex", "lint", str(vex), "--report", saved, check=False)
    assert lint.returncode == 1
    assert "CVE-1999-0001 (not_affected): no finding is of this flaw" in lint.stdout
    assert "the finding is in org.apache.logging.log4j:log4j-core 2.14.1" in lint.stdout
    assert "named by no purl" in lint.stdout
    assert "4 statements, 1 about" in lint.stdout


CASES = """
policy: default
tests:
- {name: exploited, expect: deny, gates: [exploited flaws],
   finding: {id: CVE-2021-44228, severity: LOW, package: log4j, fixed: [2.17.1], exploited: true}}
- {name: no fix, expect: pass, finding: {severity: CRITICAL}}
- {name: high, expect: warn, finding: {severity: high, fixed: "2"}}
- {name: nothing, expect: pass}
"""


def test_a_teams_own_tests_of_its_policy(tmp_path: Path) -> None:
    tests = tmp_path / "tests.yaml"
    tests.write_text(CASES)
    assert "4 of 4 tests passed" in run("policy", "test", str(tests)).stdout
    tests.write_text(CASES.replace("expect: warn", "expect: deny"))
    failed = run("policy", "test", str(tests), check=False)
    assert failed.returncode == 1
    assert "FAIL  high: warn, expected deny" in failed.stdout


def test_the_schema_takes_what_is_read_and_refuses_the_rest() -> None:
    schema = json.loads(run("policy", "schema").stdout)
    good = yaml.safe_load(
        "severity: [HIGH]\nignore: [{id: CVE-1, reason: x}]\npolicy: {use: default, gates: "
        "[{name: a, from: app, known-for: 14d}, {name: b, base: [x], user: non-root}]}"
    )
    assert jsonschema_rs.is_valid(schema, good)
    for bad in ({"severty": "x"}, {"policy": {"gates": [{"severity": "BAD"}]}},
                {"policy": {"gates": [{"base": "x", "severity": "LOW"}]}}):  # fmt: skip
        assert not jsonschema_rs.is_valid(schema, bad)


@pytest.mark.parametrize("name", ["default", "strict", "pci", "cis"])
def test_ready_policies_are_shown_as_they_are_read(name: str, saved: str, tmp_path: Path) -> None:
    shown = tmp_path / "shown.yaml"
    shown.write_text(run("policy", "show", name).stdout)
    by_name = run("convert", saved, "--gates", name, check=False)
    by_file = run("convert", saved, "--gates", str(shown), check=False)
    assert by_name.returncode == by_file.returncode
    assert by_name.stderr.splitlines()[1:] == by_file.stderr.splitlines()[1:]


@pytest.mark.parametrize("words", [
    ("--fail-on", "bad"), ("--gates", "nothing.yaml"), ("--env", "x"), ("--vex", "nothing.json"),
])  # fmt: skip
def test_nonsense_is_one_line(words: tuple[str, str], saved: str) -> None:
    done = run("convert", saved, *words, check=False)
    assert done.returncode in (2, 3)
    assert done.stderr.count("\n") <= 2
    assert "Traceback" not in done.stderr
