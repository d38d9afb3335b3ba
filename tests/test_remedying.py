"""Rounds of changes: going on, taking back, one by one, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.errors import MalformedError, PratiqueError, UsageError
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory, Package
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.outcome import Outcome
from pratique.remedying import Remedying
from pratique.workspace import Altered, Workspace, replace_files

Flaws = dict[tuple[str, str], list[tuple[str, str, tuple[str, ...]]]]
"""By package and version: id, severity, fixed versions."""


def scanner(flaws: Flaws) -> Callable[[str], Report]:
    def scan(root: str) -> Report:
        lines = (Path(root) / "requirements.txt").read_text().splitlines()
        pins = [line.split("==") for line in lines]
        packages = [Package("requirements.txt", "pip", "pypi", name, v, line=n)
                    for n, (name, v) in enumerate(pins, 1)]  # fmt: skip
        findings = [
            Finding(p, id, (), (), (), "PyPI", (), fixed, severity, "", (), "affected")
            for p in packages
            for id, severity, fixed in flaws.get((p.name, p.version), ())
        ]
        return Report("x", "filesystem", Inventory(tuple(packages)), tuple(findings))

    return scan


def mend(root: Path, text: str, flaws: Flaws, up_to: str = "major") -> Outcome:
    (root / "requirements.txt").write_text(text)
    rescan = scanner(flaws)
    with Workspace(str(root), Settings(offline=True)) as work:
        return Remedying(work, rescan(str(root)), rescan, up_to).outcome()  # type: ignore[arg-type]


def after(outcome: Outcome) -> str:
    return outcome.altered[0].after.decode() if outcome.altered else ""


def test_a_new_version_with_a_flaw_that_is_fixed_is_left_behind(tmp_path: Path) -> None:
    found = mend(tmp_path, "a==1.0\n", {
        ("a", "1.0"): [("CVE-1", "LOW", ("1.1",))], ("a", "1.1"): [("CVE-2", "HIGH", ("1.2",))],
    })  # fmt: skip
    [step] = found.steps
    assert (step.bump.installed, step.to, len(step.removes)) == (("1.0",), "1.2", 1)
    assert after(found) == "a==1.2\n"


def test_what_brings_a_grave_flaw_is_taken_back_alone(tmp_path: Path) -> None:
    found = mend(tmp_path, "a==1.0\nb==1.0\n", {
        ("a", "1.0"): [("CVE-1", "HIGH", ("1.1",))], ("a", "1.1"): [("CVE-2", "CRITICAL", ())],
        ("b", "1.0"): [("CVE-3", "LOW", ("1.1",))],
    })  # fmt: skip
    assert after(found) == "a==1.0\nb==1.1\n"
    assert [step.bump.name for step in found.steps] == ["b"]
    assert "would bring CVE-2" in found.refused["requirements.txt", "a"]
    assert not found.compared.new


def test_a_slight_flaw_is_shown_as_new(tmp_path: Path) -> None:
    found = mend(tmp_path, "a==1.0\n", {
        ("a", "1.0"): [("CVE-1", "HIGH", ("1.1",))], ("a", "1.1"): [("CVE-2", "LOW", ())],
    })  # fmt: skip
    assert after(found) == "a==1.1\n"
    assert [one.finding.id for one in found.compared.new] == ["CVE-2"]


def test_no_further_than_is_allowed(tmp_path: Path) -> None:
    flaws: Flaws = {("a", "1.0.0"): [("CVE-1", "HIGH", ("1.0.3", "2.0.0")), ("CVE-2", "LOW", ("2.0.1",))],
                    ("a", "1.0.3"): [("CVE-2", "LOW", ("2.0.1",))]}  # fmt: skip
    assert after(mend(tmp_path, "a==1.0.0\n", flaws, "patch")) == "a==1.0.3\n"
    assert after(mend(tmp_path, "a==1.0.0\n", flaws)) == "a==2.0.1\n"


def test_a_link_out_of_the_project_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with Workspace(str(tmp_path / "x"), Settings(offline=True)) as work:
        with pytest.raises(MalformedError, match="leads out of the project"):
            work.write("../y", "")
        assert work.tool("python3", "python") == ""


def test_files_are_replaced_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "a").chmod(0o750)
    changes = [Altered("a", b"1", b"2"), Altered("missing/b", None, b"2")]
    with pytest.raises(PratiqueError, match="nothing was changed"):
        replace_files(str(tmp_path), changes)
    assert (tmp_path / "a").read_bytes() == b"1"
    with pytest.raises(UsageError, match="was changed meanwhile"):
        replace_files(str(tmp_path), [Altered("a", b"0", b"2")])
    replace_files(str(tmp_path), [Altered("a", b"1", b"2"), Altered("b", None, b"3")])
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"2", b"3")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o750
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("name", ["-rf", "--config=x", "a'; system('x'); '", "a b", "a\nb", ""])
def test_names_that_are_no_names_are_given_to_no_tool(tmp_path: Path, name: str) -> None:
    (tmp_path / "requirements.txt").write_text("a==1.0\n")
    package = Package("requirements.txt", "pip", "pypi", name, "1.0")
    finding = Finding(
        package, "CVE-1", (), (), (), "PyPI", (), ("1.1",), "HIGH", "", (), "affected"
    )
    report = Report("x", "filesystem", Inventory((package,)), (finding,))
    with Workspace(str(tmp_path), Settings(offline=True)) as work:
        found = Remedying(work, report, lambda _: report, "major").outcome()
    assert found.altered == ()
    assert (
        found.refused["requirements.txt", name]
        == "its name or version is none that a tool is given"
    )


@pytest.mark.parametrize("version", ["-1.1", "1.1'; system('x'); '", "1.1 <x>"])
def test_versions_that_are_no_versions_are_not_written(tmp_path: Path, version: str) -> None:
    found = mend(tmp_path, "a==1.0\n", {("a", "1.0"): [("CVE-1", "HIGH", (version,))]})
    assert found.altered == ()
