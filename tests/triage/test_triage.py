"""A decision is written as VEX by its rules, and reading it again suppresses exactly that."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commands import run
from conftest import CORPUS
from pratique.codecs.vex import read
from pratique.errors import MalformedError, UsageError
from pratique.model.finding import Finding
from pratique.model.image import Digest, Image
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.report import Report
from pratique.triage import csaf, openvex
from pratique.triage.decision import JUSTIFICATIONS, STATUSES, Decision, check, subject
from pratique.vex import apply

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")
FLAW = "CVE-2021-44228"
WHY = "vulnerable_code_not_in_execute_path"
ANN = "Ann <ann@example.com>"
LANGUAGES = {"openvex": openvex, "csaf": csaf}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("shop") / "report.json"
    run("image", "--input", SHOP, "--offline", "-q", "-f", "json", "-o", str(path))
    return str(path)


@pytest.fixture
def triage(shop: str, tmp_path: Path) -> Callable[..., Any]:
    """Decide something about the shop; give the document, or the process that failed."""

    def decide(*words: str, name: str = "vex.json", id: str = FLAW, fails: bool = False) -> Any:
        path = tmp_path / name
        done = run("triage", shop, "--id", id, "--author", ANN, *words, "-o", str(path),
                   check=not fails)  # fmt: skip
        return done if fails else json.loads(path.read_text())

    return decide


def schema() -> Any:
    path = CORPUS / "specs" / "openvex.schema.json"
    if not path.exists():
        pytest.skip(f"no corpus here: {path} is missing (set PRATIQUE_CORPUS)")
    return json.loads(path.read_text())


def left(report: str, *words: str) -> set[tuple[str, str]]:
    """Give the findings that a report has with some VEX."""
    document = json.loads(run("convert", report, "-f", "json", "-q", *words).stdout)
    return {
        (one["VulnerabilityID"], one["PkgName"])
        for result in document["Results"] for one in result.get("Vulnerabilities", ())
    }  # fmt: skip


def test_what_is_written_suppresses_exactly_that(
    triage: Callable[..., Any], shop: str, tmp_path: Path
) -> None:
    document = triage("--status", "not_affected", "--justification", WHY, "--impact", "no JNDI")
    assert document["author"] == ANN
    [statement] = document["statements"]
    assert statement["vulnerability"]["name"] == FLAW
    vex = ("--vex", str(tmp_path / "vex.json"))
    gone = left(shop) - left(shop, *vex)
    assert gone == {(FLAW, "org.apache.logging.log4j:log4j-core")}
    assert "1 statement, 1 about" in run("vex", "lint", vex[1], "--report", shop).stdout


@pytest.mark.parametrize("kind", ["openvex", "csaf"])
def test_one_package_of_several(
    triage: Callable[..., Any], shop: str, tmp_path: Path, kind: str
) -> None:
    before = left(shop)
    by_flaw: dict[str, set[str]] = {}
    for flaw, package in before:
        by_flaw.setdefault(flaw, set()).add(package)
    flaw = next(flaw for flaw, packages in sorted(by_flaw.items()) if len(packages) > 1)
    package = min(by_flaw[flaw])
    triage("--package", package, "--status", "fixed", "-f", kind, id=flaw)
    assert before - left(shop, "--vex", str(tmp_path / "vex.json")) == {(flaw, package)}


def test_a_decision_is_added_and_the_order_is_kept(
    triage: Callable[..., Any], tmp_path: Path
) -> None:
    first = triage("--status", "under_investigation")
    theirs = {"x-note": "kept", **first}
    (tmp_path / "vex.json").write_text(json.dumps(theirs))
    second = triage("--status", "not_affected", "--impact", "never called")
    assert list(second) == ["x-note", "@context", "@id", "author", "timestamp", "last_updated",
                            "version", "tooling", "statements"]  # fmt: skip
    assert (first["version"], second["version"]) == (1, 2)
    assert second["statements"][0] == first["statements"][0]
    assert second["@id"] == first["@id"]
    assert second["timestamp"] == first["timestamp"]
    again = triage("--status", "not_affected", "--impact", "never called")
    assert again == second
    back = triage("--status", "affected", "--action", "upgrade")
    assert [one["status"] for one in back["statements"]] == [
        "under_investigation", "not_affected", "affected",
    ]  # fmt: skip
    jsonschema_rs.validate(schema(), {k: v for k, v in back.items() if k != "x-note"})


def test_the_last_decision_counts(triage: Callable[..., Any], shop: str, tmp_path: Path) -> None:
    vex = ("--vex", str(tmp_path / "vex.json"))
    triage("--status", "not_affected", "--impact", "never called")
    assert left(shop) - left(shop, *vex)
    triage("--status", "affected", "--action", "upgrade")
    assert left(shop) == left(shop, *vex)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--status not_affected", "needs a --justification, or an --impact"),
        ("--status not_affected --justification because", "is none of component_not_present"),
        ("--status affected", "affected needs an --action"),
        (f"--status affected --action x --justification {WHY}", "is for not_affected"),
        ("--status fixed --impact x", "--impact is for not_affected, not for fixed"),
        ("--status fixed --action x", "--action is for affected, not for fixed"),
        ("--status gone", "'gone' is none of not_affected"),
        ("--status fixed --package absent", "It is in org.apache.logging.log4j:log4j-core"),
        ("--status fixed --every-build", "--every-build is for images of a registry"),
        ("--status fixed -f csaf --attach x", "--attach attests OpenVEX, not CSAF"),
    ],
)
def test_what_does_not_go_together(triage: Callable[..., Any], words: str, said: str) -> None:
    done = triage(*words.split(), fails=True)
    assert done.returncode == 2
    assert said in done.stderr


def test_what_is_not_there(triage: Callable[..., Any], shop: str) -> None:
    assert "there is no CVE-1" in triage("--status", "fixed", id="CVE-1", fails=True).stderr
    assert run("triage", "absent.json", check=False).returncode == 3
    without = run("triage", shop, "--author", ANN, check=False)
    assert without.returncode == 2
    assert "name the flaw by --id" in without.stderr


@pytest.mark.parametrize(
    "text", ["[", "[]", "{}", '{"@context": "https://openvex.dev/ns/v0.2.0"}', '{"document": 1}']
)
@pytest.mark.parametrize("kind", ["openvex", "csaf"])
def test_a_file_that_is_something_else_is_left_alone(
    triage: Callable[..., Any], tmp_path: Path, text: str, kind: str
) -> None:
    path = tmp_path / "vex.json"
    path.write_text(text)
    done = triage("--status", "fixed", "-f", kind, fails=True)
    assert done.returncode == 4
    assert "vex.json" in done.stderr
    assert path.read_text() == text


def test_it_goes_to_stdout_without_a_file(shop: str) -> None:
    done = run("triage", shop, "--id", FLAW, "--status", "fixed", "--author", ANN)
    assert json.loads(done.stdout)["statements"][0]["status"] == "fixed"


def test_who_decides_is_gits_user_else_asked_for(shop: str, tmp_path: Path) -> None:
    environ = os.environ | {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / "git"),
                            "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip
    command = [sys.executable, "-m", "pratique", "triage", shop, "--id", FLAW, "--status", "fixed"]

    def done() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, env=environ, cwd=tmp_path)  # noqa: PLW1510

    assert "a decision is somebody's: --author NAME" in done().stderr
    (tmp_path / "git").write_text("[user]\nname = Ann\nemail = ann@example.com\n")
    assert json.loads(done().stdout)["author"] == ANN


def test_questions_at_a_terminal(shop: str, tmp_path: Path) -> None:
    path = tmp_path / "vex.json"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pratique", "triage", shop, "--author", ANN, "-o", str(path)]
    with subprocess.Popen(command, stdin=theirs, stderr=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        os.write(ours, f"{FLAW}\n\n9\n1\nvulnerable_code_not_present\nremoved\n".encode())
        _, said = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, said
    assert "  a number from 1 to 4" in said
    assert "Which flaw" in said
    [statement] = json.loads(path.read_text())["statements"]
    assert statement["status"] == "not_affected"
    assert statement["justification"] == "vulnerable_code_not_present"
    assert statement["impact_statement"] == "removed"


def decision(**given: Any) -> Decision:
    return Decision(**{"status": "fixed", "author": ANN, "moment": "2026-01-01T00:00:00Z"} | given)


@given(
    st.sampled_from(STATUSES), st.sampled_from(["", *JUSTIFICATIONS, "x"]),
    st.sampled_from(["", "why"]), st.sampled_from(["", "do"]),
)  # fmt: skip
def test_the_rules_of_openvex(status: Any, justification: str, impact: str, action: str) -> None:
    made = decision(status=status, justification=justification, impact=impact, action=action)
    good = {
        "not_affected": bool(justification or impact) and not action,
        "affected": bool(action) and not (justification or impact),
    }.get(status, not (justification or impact or action))
    if good and justification != "x":
        check(made)
    else:
        with pytest.raises(UsageError):
            check(made)


PACKAGE = Package("usr/lib", "dpkg", "deb", "openssl", "1:3.0-1+b~1", "amd64")
OTHER = Package("app", "python-pkg", "pypi", "ünï <x>", "1")
IMAGE = Image(
    "registry.example:5000/team/shop:1", Digest("sha256:" + "1" * 64), (), "linux/amd64",
    ("registry.example:5000/team/shop:1",),
    (f"registry.example:5000/team/shop@sha256:{'2' * 64}",),
)  # fmt: skip


def found(package: Package, id: str = "CVE-2026-0001", *aliases: str) -> Finding:
    return Finding(package, id, aliases, (), (), "", (), (), "HIGH", "", (), "affected")


def report(image: Image | None = IMAGE, *findings: Finding) -> Report:
    findings = findings or (found(PACKAGE), found(OTHER), found(PACKAGE, "GHSA-2", "CVE-2026-0002"))
    packages = tuple(dict.fromkeys(f.package for f in findings))
    return Report("shop", "container_image" if image else "filesystem",
                  Inventory(packages, Distro("etc/os-release", "debian", "12")), findings, image,
                  created="2026-01-01T00:00:00Z")  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("image", [IMAGE, replace(IMAGE, digests=(), tags=()), None])
def test_images_archives_and_projects(language: str, image: Image | None) -> None:
    whole = report(image)
    made = LANGUAGES[language].added(None, subject([whole], "cve-2026-0002"), decision(), "x")
    applied = apply(whole, read(json.dumps(made).encode(), "x"))
    [gone] = applied.report.suppressed
    assert (gone.id, gone.package) == ("GHSA-2", PACKAGE)
    if image:  # another image is not meant
        elsewhere = replace(image, id=Digest("sha256:" + "3" * 64), tags=(), name="y",
                            digests=(f"registry.example:5000/team/shop@sha256:{'4' * 64}",))  # fmt: skip
        again = apply(report(elsewhere), read(json.dumps(made).encode(), "x"))
        assert not again.report.suppressed


def test_every_build_of_an_image() -> None:
    about = subject([report()], "CVE-2026-0002", every_build=True)
    made = openvex.added(None, about, decision(), "x")
    later = replace(IMAGE, digests=(f"registry.example:5000/team/shop@sha256:{'9' * 64}",))
    assert apply(report(later), read(json.dumps(made).encode(), "x")).report.suppressed


@pytest.mark.parametrize("status", STATUSES)
def test_csaf_follows_its_schema_and_profile(status: Any) -> None:
    verification = pytest.importorskip("csaf_lib.verification")
    words = {
        "not_affected": {"justification": WHY, "impact": "never called"},
        "affected": {"action": "upgrade"},
    }.get(status, {})
    document = None
    for id, moment in (("CVE-2026-0001", "01"), ("GHSA-2", "02"), ("CVE-2026-0001", "03")):
        document = csaf.added(
            document, subject([report()], id),
            decision(**words if moment != "01" else {}, moment=f"2026-01-{moment}T00:00:00Z",
                     **{"status": status} if moment != "01" else {}), "x",
        ) or document  # fmt: skip
    assert document
    judged = verification.Verifier.from_json(json.dumps(document)).run_all()
    assert judged.passed, [f"{one.test_id}: {one.message}" for one in judged.failures]
    states = [flaw["product_status"] for flaw in document["vulnerabilities"]]
    assert all(len(state) == 1 for state in states)
    assert document["document"]["tracking"]["version"] == ("2" if status == "fixed" else "3")


def test_csaf_says_nothing_twice() -> None:
    first = csaf.added(None, subject([report()], "CVE-2026-0001"), decision(), "x")
    assert csaf.added(first, subject([report()], "CVE-2026-0001"), decision(), "x") is None


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["document", "tracking", "version", "product_tree", "vulnerabilities",
                         "@context", "statements", "full_product_names", "relationships"]),
        inner, max_size=4,
    ), max_leaves=12,
).filter(lambda value: isinstance(value, dict)))  # fmt: skip
def test_documents_of_another_shape(document: dict[str, Any]) -> None:
    for language in LANGUAGES.values():
        with suppress(MalformedError):
            language.added(document, subject([report()], "CVE-2026-0001"), decision(), "x")
