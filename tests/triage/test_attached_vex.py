"""Decisions travel with the image, and are believed as far as asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attested import Published
from cosign import pair

pytest_plugins = ["attested_fixtures"]
pytestmark = pytest.mark.registry
FLAW = "CVE-2024-5535"
VEX = "https://openvex.dev/ns"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def decide(published: Published) -> None:
    from pratique.cli import main  # noqa: PLC0415

    assert published.run("image", "-f", "json", "-o", "report.json") == 0
    words = ["triage", "report.json", "--id", FLAW, "--status", "not_affected", "--justification",
             "vulnerable_code_not_present", "--author", "Ann", "-o", "vex.json"]  # fmt: skip
    assert main([*words, "--attach", published.name, "--key", published.key]) == 0


def scanned(published: Published, capsys: Said, *words: str) -> tuple[list[str], list[str]]:
    """Give the flaws that are left of a scan, and its problems."""
    capsys.readouterr()
    assert published.run("image", "-f", "json", "--vex", "oci", *words) == 0
    document: Any = json.loads(capsys.readouterr().out)
    flaws = [v["VulnerabilityID"] for r in document["Results"] for v in r["Vulnerabilities"]]
    problems = document["Pratique"]["Reports"][0].get("Problems", ())
    return flaws, [one["What"] for one in problems]


@pytest.mark.usefixtures("decide")
def test_an_attached_decision_suppresses(published: Published, capsys: Said) -> None:
    flaws, problems = scanned(published, capsys)
    assert FLAW not in flaws
    assert len(flaws) > 10
    assert "the attached VEX was taken unverified" in problems
    flaws, problems = scanned(published, capsys, "--attestation-key", published.public)
    assert FLAW not in flaws
    assert not [text for text in problems if "VEX" in text]
    assert published.run("verify", "--key", published.public, "--type", "openvex") == 0
    _, other = pair(published.folder, "other")
    flaws, problems = scanned(published, capsys, "--attestation-key", other)
    assert FLAW in flaws
    assert any("has the signature of another key" in text for text in problems)


@pytest.mark.usefixtures("decide")
def test_a_saved_report_finds_them_too(published: Published, capsys: Said) -> None:
    from pratique.cli import main  # noqa: PLC0415

    capsys.readouterr()
    words = ["--vex", "oci", "--attestation-key", published.public, "--show-suppressed"]
    assert main(["convert", "report.json", "-f", "json", *words]) == 0
    document = json.loads(capsys.readouterr().out)
    [gone] = [m for r in document["Results"] for m in r.get("ExperimentalModifiedFindings", ())]
    assert gone["Finding"]["VulnerabilityID"] == FLAW
    assert gone["Statement"].startswith("not_affected by Ann (attached sha256:")


def test_without_any_it_says_so(published: Published, capsys: Said) -> None:
    _, problems = scanned(published, capsys)
    assert "no VEX document is attached to the image" in problems


def test_attached_documents_that_are_strange(published: Published, capsys: Said) -> None:
    other = "sha256:" + "5" * 64
    published.attach(
        published.envelope({"@context": VEX, "statements": [{"status": "odd"}]}, predicateType=VEX),
        published.envelope({"x": []}, predicateType=VEX),
        published.envelope({"@context": VEX, "statements": []}, other, predicateType=VEX),
        b"\x00", predicate=VEX,
    )  # fmt: skip
    for words in ((), ("--attestation-key", published.public)):
        flaws, problems = scanned(published, capsys, *words)
        assert FLAW in flaws
        assert sum("of another shape" in text for text in problems) == 2
        assert any("is about another image" in text for text in problems)


def test_a_decision_about_another_image_is_not_attached(published: Published, capsys: Said) -> None:
    from pratique.cli import main  # noqa: PLC0415

    assert published.run("image", "-f", "json", "-o", "report.json") == 0
    other = Published(published.host, published.folder / "other", published.key, published.public)
    words = ["triage", "report.json", "--id", FLAW, "--status", "fixed", "--author", "Ann"]
    assert main([*words, "--attach", other.name, "--key", published.key]) == 2
    assert f"not of {other.name}" in capsys.readouterr().err


def test_a_project_has_nothing_attached(published: Published, capsys: Said) -> None:
    from pratique.cli import main  # noqa: PLC0415

    (published.folder / "requirements.txt").write_text("requests==2.0.0\n")
    assert main(["fs", ".", "--offline", "--vex", "oci", "--cache-dir", "cache"]) == 0
    assert "no image: nothing is attached to it" in capsys.readouterr().out
