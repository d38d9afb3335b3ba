"""`pratique compare`: images, archives, reports and SBOMs against each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from images import DEBIAN, advisory, docker_archive, dpkg_status, feed_mirror, layer_tar
from pratique.cli import main
from pratique.comparison import compare
from pratique.model.finding import Finding
from pratique.model.inventory import Package
from sboms import FORMATS, report

Run = Callable[..., Any]
BASE = layer_tar({"etc/os-release": DEBIAN,
                  "var/lib/dpkg/status": dpkg_status([("openssl", "3.0.9-1"), ("bash", "5")])})  # fmt: skip
NEWER = layer_tar({"etc/os-release": DEBIAN,
                   "var/lib/dpkg/status": dpkg_status([("openssl", "3.0.11-1"), ("zsh", "5")])})  # fmt: skip


def flask(version: str) -> bytes:
    return layer_tar({f"srv/flask-{version}.dist-info/METADATA":
                      f"Name: Flask\nVersion: {version}\n".encode()})  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    mirror = feed_mirror(tmp_path / "mirror", {
        "PyPI": [advisory("PYSEC-1", "PyPI", "flask", "2.2.5", aliases=["CVE-2023-30861"])],
        "Debian": [advisory("DEBIAN-CVE-1", "Debian:12", "openssl", "3.0.11-1", upstream=["CVE-2023-1"]),
                   advisory("DEBIAN-CVE-2", "Debian:12", "bash", upstream=["CVE-2023-2"]),
                   advisory("DEBIAN-CVE-3", "Debian:12", "zsh", upstream=["CVE-2023-3"])],
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    Path("old.tar").write_bytes(
        docker_archive([BASE, flask("2.0.1")], history=["ADD base", "RUN pip"])
    )
    Path("new.tar").write_bytes(
        docker_archive([NEWER, flask("2.0.1")], history=["ADD newer", "RUN pip"])
    )
    options = ["--cache-dir", str(tmp_path / "cache"), "--feed-mirror", str(mirror)]

    def run_(*words: str) -> Any:
        status = main([*words, *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_


def test_what_changed_is_told(run: Run) -> None:
    status, out, _ = run("compare", "old.tar", "new.tar", "-f", "json")
    assert status == 0
    found = json.loads(out)
    assert found["Packages"] == {
        "Added": [{"Name": "zsh", "Type": "deb", "Version": "5", "Path": "var/lib/dpkg/status"}],
        "Removed": [{"Name": "bash", "Type": "deb", "Version": "5", "Path": "var/lib/dpkg/status"}],
        "Changed": [{"Name": "openssl", "Type": "deb", "Before": ["3.0.9-1"], "After": ["3.0.11-1"],
                     "Direction": "upgraded"}],
    }  # fmt: skip
    new, fixed = found["Findings"]["New"], found["Findings"]["Fixed"]
    assert [(f["VulnerabilityID"], f["Before"]) for f in new] == [("CVE-2023-3", [])]
    assert {f["VulnerabilityID"]: f["After"] for f in fixed} == {
        "CVE-2023-1": ["3.0.11-1"], "CVE-2023-2": [],
    }  # fmt: skip
    assert found["Findings"]["Unchanged"] == {"UNKNOWN": 1}
    assert [(one["State"], one["CreatedBy"]) for one in found["Layers"]] == [
        ("removed", "ADD base"), ("added", "ADD newer"), ("both", "RUN pip"),
    ]  # fmt: skip


def test_the_other_way_round_it_is_a_downgrade(run: Run) -> None:
    found = json.loads(run("compare", "new.tar", "old.tar", "-f", "json")[1])
    assert [one["Direction"] for one in found["Packages"]["Changed"]] == ["downgraded"]
    assert {f["VulnerabilityID"] for f in found["Findings"]["New"]} == {"CVE-2023-1", "CVE-2023-2"}


@pytest.mark.parametrize("name", [*FORMATS, "json"])
def test_saved_reports_and_sboms_stand_for_their_images(run: Run, name: str) -> None:
    expected = json.loads(run("compare", "old.tar", "new.tar", "-f", "json")[1])
    assert run("image", "--input", "old.tar", "-f", name, "-o", "old.saved")[0] == 0
    assert run("image", "--input", "new.tar", "-f", name, "-o", "new.saved")[0] == 0
    for before, after in (
        ("old.saved", "new.tar"),
        ("old.tar", "new.saved"),
        ("old.saved", "new.saved"),
    ):
        found = json.loads(run("compare", before, after, "-f", "json")[1])
        for part in ("Findings", "Packages", "Layers"):
            assert found[part] == expected[part]
        assert (found["Before"]["ArtifactName"], found["After"]["ArtifactName"]) == (before, after)


def test_the_table_and_the_markdown_say_the_same(run: Run) -> None:
    table = run("compare", "old.tar", "new.tar")[1]
    assert table.startswith(
        "old.tar -> new.tar\n"
        "  findings: 1 (1 unknown) new, 2 (2 unknown) fixed, 1 (1 unknown) in both\n"
        "  packages: 1 added, 1 removed, 1 in other versions\n"
    )
    assert (
        "New findings\nID          SEVERITY  PACKAGE  BEFORE  AFTER\nCVE-2023-3  UNKNOWN" in table
    )
    assert "\x1b" not in table
    markdown = run("diff", "old.tar", "new.tar", "--format", "markdown")[1]
    assert markdown.startswith("## old.tar → new.tar\n\n- findings: 1 (1 unknown) new,")
    assert "| CVE-2023-3 | UNKNOWN | zsh | - | 5 |\n" in markdown
    assert "| openssl | deb | 3.0.9-1 | 3.0.11-1 |  |\n" in markdown


def test_equal_things_differ_in_nothing(run: Run) -> None:
    status, out, _ = run("compare", "old.tar", "old.tar", "--exit-code", "9")
    assert status == 0
    assert "findings: 0 new, 0 fixed, 3 (3 unknown) in both" in out
    assert "Packages" not in out
    assert "Layers" not in out


def test_a_status_may_be_asked_for_what_is_new(run: Run, tmp_path: Path) -> None:
    assert run("compare", "old.tar", "new.tar", "--exit-code", "9")[0] == 9
    assert run("compare", "old.tar", "new.tar", "--exit-code", "9", "--severity", "HIGH")[0] == 0
    (tmp_path / ".trivyignore").write_text("CVE-2023-3\n")
    assert run("compare", "old.tar", "new.tar", "--exit-code", "9")[0] == 0


def test_it_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("compare", "old.tar", "new.tar", "-f", "markdown", "-o", "x.md")[1] == ""
    assert (tmp_path / "x.md").read_text().startswith("## old.tar")


@pytest.mark.parametrize(
    ("words", "status"),
    [(("old.tar",), 2), (("old.tar", "broken.json"), 4), (("old.tar", "empty.json"), 4),
     (("old.tar", "new.tar", "-f", "sarif"), 2)],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_line(
    run: Run, tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    (tmp_path / "broken.json").write_text('{"bomFormat": "CycloneDX", "components": [')
    (tmp_path / "empty.json").write_text('{"SchemaVersion": 2, "Results": [{"Class": "os-pkgs"}]}')
    found, out, err = run("compare", *words)
    assert (found, out) == (status, "")
    assert err.startswith("pratique: ")


def test_a_saved_report_keeps_where_its_packages_came_from(run: Run) -> None:
    run("image", "--input", "old.tar", "-f", "json", "-o", "old.json")
    first = json.loads(Path("old.json").read_text())
    again = json.loads(run("sbom", "old.json", "-f", "json")[1])
    assert again["Results"] == first["Results"]


def test_markdown_cannot_be_broken_by_a_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"bomFormat": "CycloneDX", "components": [
        {"type": "library", "name": "a|<b>\u202e", "purl": "pkg:npm/a%7C%3Cb%3E%E2%80%AE@1"}]}))  # fmt: skip
    out = run("compare", "old.tar", "x.json", "-f", "markdown")[1]
    assert "| a\\|&lt;b>\ufffd | npm |  | 1 | added |" in out


def test_a_copy_that_is_left_keeps_a_finding_alive() -> None:
    old, new = Package("a", "x", "npm", "m", "1"), Package("b", "x", "npm", "m", "2")
    finding = Finding(old, "CVE-1", (), (), (), "npm", (), (), "HIGH", "", (), "affected")
    before = replace(report(old, new), findings=(finding,))
    assert compare(before, before).kept == (finding,)
    after = replace(report(replace(old, path="c"), new), findings=(replace(finding, package=new),))
    assert compare(before, after).fixed == ()
    gone = compare(before, report(new))
    assert [one.other for one in gone.fixed] == [("2",)]
    assert [p.version for p in gone.removed] == ["1"]
    assert gone.changed == ()


_packages = st.lists(st.builds(
    Package, st.sampled_from("xy"), st.just("a"), st.sampled_from(["npm", "deb"]),
    st.sampled_from("abc"), st.sampled_from(["1", "2", "10", "?"]),
), max_size=6)  # fmt: skip


@given(_packages, _packages)
@settings(deadline=None)
def test_what_is_told_turns_one_into_the_other(old: list[Package], new: list[Package]) -> None:
    found = compare(report(*old), report(*new))
    versions = {(p.type, p.name, p.version) for p in old}
    versions -= {(p.type, p.name, p.version) for p in found.removed}
    versions |= {(p.type, p.name, p.version) for p in found.added}
    for one in found.changed:
        name = (one.package.type, one.package.name)
        versions -= {(*name, version) for version in one.before}
        versions |= {(*name, version) for version in one.after}
    assert versions == {(p.type, p.name, p.version) for p in new}
    back = compare(report(*new), report(*old))
    assert (back.added, back.removed) == (found.removed, found.added) or len(found.changed)
    assert len(back.changed) == len(found.changed)
