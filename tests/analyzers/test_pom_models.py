"""Maven projects that need other POMs: of the tree, or of a local repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.analyzers.pom import pom
from pratique.inventory import Analyzers
from pratique.inventory.directory import read_directory
from pratique.inventory.tree import Tree
from pratique.model.inventory import Inventory, Package
from pratique.model.settings import Settings
from reading import read_as_far_as_possible, versions_of

REPOSITORY = "~/.m2/repository"


def coordinates(name: str, version: str = "", **more: str) -> str:
    group, _, artifact = name.partition(":")
    fields = {"groupId": group, "artifactId": artifact, "version": version, **more}
    return "".join(f"<{key}>{text}</{key}>" for key, text in fields.items() if text)


def needs(*dependencies: str) -> str:
    return (
        "<dependencies>"
        + "".join(f"<dependency>{d}</dependency>" for d in dependencies)
        + ("</dependencies>")
    )


def manages(*dependencies: str) -> str:
    return f"<dependencyManagement>{needs(*dependencies)}</dependencyManagement>"


def project(name: str, version: str, *parts: str, parent: str = "") -> bytes:
    above = f"<parent>{parent}</parent>" if parent else ""
    return f"<project>{above}{coordinates(name, version)}{''.join(parts)}</project>".encode()


def stored(name: str, version: str, *parts: str, parent: str = "") -> dict[str, bytes]:
    group, _, artifact = name.partition(":")
    folder = f"{REPOSITORY}/{group.replace('.', '/')}/{artifact}/{version}"
    return {f"{folder}/{artifact}-{version}.pom": project(name, version, *parts, parent=parent)}


def read(data: bytes, others: dict[str, bytes], path: str = "app/pom.xml") -> list[Package]:
    packages, error = read_as_far_as_possible(pom, path, data, others)
    assert error == ""
    return packages


PARENT = {
    "pom.xml": project(
        "g:parent", "1", "<properties><v>1.9</v></properties>", manages(coordinates("x:a", "${v}"))
    )
}
CHILD = project(":app", "", needs(coordinates("x:a")), parent=coordinates("g:parent", "1"))


def test_a_parent_is_found_by_its_place() -> None:
    packages = read(CHILD, PARENT | stored("x:a", "1.9"))
    assert versions_of(packages) == {"g:app": "1", "x:a": "1.9"}


def test_a_child_overrides_its_parents_properties() -> None:
    child = CHILD.replace(b"</parent>", b"</parent><properties><v>2.0</v></properties>")
    assert versions_of(read(child, PARENT | stored("x:a", "2.0")))["x:a"] == "2.0"


def test_a_parent_at_that_place_with_other_coordinates_is_not_taken() -> None:
    other = {"pom.xml": project("g:parent", "2", manages(coordinates("x:a", "9")))}
    packages = read(
        CHILD,
        other | stored("g:parent", "1", manages(coordinates("x:a", "1.5"))) | stored("x:a", "1.5"),
    )
    assert versions_of(packages)["x:a"] == "1.5"


def test_an_empty_relative_path_asks_the_repository_alone() -> None:
    child = CHILD.replace(b"</parent>", b"<relativePath/></parent>")
    repository = stored("g:parent", "1", manages(coordinates("x:a", "3"))) | stored("x:a", "3")
    assert versions_of(read(child, PARENT | repository))["x:a"] == "3"


def test_a_bom_manages_what_neither_child_nor_parent_does() -> None:
    bom = coordinates("b:bom", "5", type="pom", scope="import")
    data = project(
        "g:app", "1", needs(coordinates("x:a"), coordinates("x:b")),
        manages(bom, coordinates("x:a", "1")),
    )  # fmt: skip
    others = (
        stored(
            "b:bom", "5", "<properties><b>2</b></properties>",
            manages(coordinates("x:a", "9"), coordinates("x:b", "${b}")),
        )
        | stored("x:a", "1")
        | stored("x:b", "2")
    )  # fmt: skip
    assert versions_of(read(data, others)) == {"g:app": "1", "x:a": "1", "x:b": "2"}


def test_a_bom_of_the_same_tree_is_found_among_the_modules() -> None:
    bom = coordinates("g:bom", "${project.version}", type="pom", scope="import")
    modules = "<modules><module>app</module><module>bom</module></modules>"
    others = {
        "pom.xml": project("g:parent", "1", modules, manages(bom)),
        "bom/pom.xml": project("g:bom", "1", manages(coordinates("x:a", "7"))),
    }
    assert versions_of(read(CHILD, others | stored("x:a", "7")))["x:a"] == "7"


def test_the_nearest_dependency_wins_and_edges_point_to_it() -> None:
    data = project("g:app", "1", needs(coordinates("x:a", "1"), coordinates("x:b", "1")))
    others = (
        stored("x:a", "1", needs(coordinates("x:c", "1")))
        | stored("x:c", "1", needs(coordinates("x:b", "2"), coordinates("x:d", "1")))
        | stored("x:b", "1")
        | stored("x:d", "1")
    )
    found = {p.name: (p.version, p.relation, p.depends) for p in read(data, others)}
    assert found == {
        "g:app": ("1", "root", ("x:a@1", "x:b@1")),
        "x:a": ("1", "direct", ("x:c@1",)),
        "x:b": ("1", "direct", ()),
        "x:c": ("1", "indirect", ("x:b@1", "x:d@1")),
        "x:d": ("1", "indirect", ()),
    }


def test_exclusions_optional_and_test_dependencies_of_others_are_left_out() -> None:
    excluded = (
        "<exclusions><exclusion><artifactId>c</artifactId><groupId>x</groupId></exclusion>"
        "</exclusions>"
    )
    data = project("g:app", "1", needs(coordinates("x:a", "1") + excluded))
    others = stored(
        "x:a", "1",
        needs(
            coordinates("x:b", "1", optional="true"), coordinates("x:c", "1"),
            coordinates("x:d", "1", scope="test"), coordinates("x:e", "1", scope="provided"),
        ),
    )  # fmt: skip
    assert set(versions_of(read(data, others))) == {"g:app", "x:a"}


def test_the_projects_management_rules_over_what_dependencies_ask_for() -> None:
    data = project("g:app", "1", needs(coordinates("x:a", "1")), manages(coordinates("x:b", "8")))
    others = stored("x:a", "1", needs(coordinates("x:b", "2"))) | stored("x:b", "8")
    assert versions_of(read(data, others))["x:b"] == "8"


def test_what_only_tests_need_is_for_development_with_all_that_follows() -> None:
    test = coordinates("x:t", "1", scope="test")
    data = project("g:app", "1", needs(test, coordinates("x:a", "1")))
    others = (
        stored("x:a", "1", needs(coordinates("x:b", "1")))
        | stored("x:b", "1")
        | stored("x:t", "1", needs(coordinates("x:b", "1"), coordinates("x:u", "1")))
        | stored("x:u", "1")
    )
    dev = {package.name for package in read(data, others) if package.dev}
    assert dev == {"x:t", "x:u"}


def test_parents_and_boms_in_a_circle_end() -> None:
    circle = coordinates("g:app", "1", type="pom", scope="import")
    data = project("g:app", "1", manages(circle), parent=coordinates("g:app", "1"))
    packages, error = read_as_far_as_possible(pom, "pom.xml", data, stored("g:app", "1"))
    assert versions_of(packages) == {"g:app": "1"}
    others = {"a/pom.xml": project("g:a", "1", parent=coordinates("g:b", "1"))}
    data = project("g:b", "1", parent=coordinates("g:a", "1", relativePath="../a"))
    others["b/pom.xml"] = data
    packages, error = read_as_far_as_possible(pom, "b/pom.xml", data, others)
    assert (versions_of(packages), error) == (
        {"g:b": "1"}, "not in the tree nor in ~/.m2: g:b:1"
    )  # fmt: skip


def test_boms_that_import_each_other_in_a_lattice_are_built_once() -> None:
    others: dict[str, bytes] = {}
    for level in range(15):
        below = [
            coordinates(f"b:b{level + 1}-{n}", "1", type="pom", scope="import") for n in range(8)
        ]
        for number in range(8):
            others |= stored(f"b:b{level}-{number}", "1", manages(*below))
    top = coordinates("b:b0-0", "1", type="pom", scope="import")
    _, error = read_as_far_as_possible(pom, "p.xml", project("g:app", "1", manages(top)), others)
    assert error.endswith("b:b15-0:1, b:b15-1:1, b:b15-2:1 and 5 more")


@pytest.mark.parametrize("group", ["..", "../..", "a/../../b", "a\\0b", "/etc"])
def test_coordinates_cannot_leave_the_repository(group: str) -> None:
    asked: list[str] = []

    class Spy(dict[str, bytes]):
        def get(self, key: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
            asked.append(key)
            return default

    data = project("g:app", "1", needs(coordinates(f"{group}:x", "1")))
    read_as_far_as_possible(pom, "pom.xml", data, Spy())
    assert not [path for path in asked if ".m2" in path]


NAMES = st.sampled_from(["g:a", "g:b", "x:a", "${p}:a", ":", "g:${v}"])
VERSIONS = st.sampled_from(["", "1", "[1]", "(,2)", "${v}", "${p}", "RELEASE"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, VERSIONS, NAMES, VERSIONS), max_size=5))
def test_any_web_of_poms_is_resolved_without_end(
    web: list[tuple[str, str, str, str]],
) -> None:
    others: dict[str, bytes] = {}
    for name, version, other, at in web:
        bom = coordinates(other, at, type="pom", scope="import")
        parts = (
            needs(coordinates(other, at)),
            manages(bom),
            "<modules><module>.</module></modules>",
        )
        others |= stored(name, version, *parts, parent=coordinates(other, at))
        others["pom.xml"] = project(name, version, *parts, parent=coordinates(other, at))
    data = others.get("pom.xml", project("g:a", "1"))
    packages, _ = read_as_far_as_possible(pom, "pom.xml", data, others)
    assert len(packages) <= 1 + 4 * len(web) * len(web) + len(web)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
def test_mutated_projects_are_read_or_malformed(noise: bytes, at: int, cut: int) -> None:
    data = PARENT["pom.xml"] + CHILD
    mutated = CHILD[:at] + noise + CHILD[at + cut :]
    read_as_far_as_possible(pom, "app/pom.xml", mutated, {"pom.xml": data[: at * 2] + noise})


def taken(root: Path) -> Inventory:
    return read_directory(str(root), Analyzers("locked"), Settings(include_dev_deps=True))


def test_a_tree_on_disk_is_read_with_its_parents_and_no_link_leads_outside(tmp_path: Path) -> None:
    outside = tmp_path / "else" / "pom.xml"
    outside.parent.mkdir()
    outside.write_bytes(project("g:parent", "1", manages(coordinates("x:a", "6"))))
    root = tmp_path / "tree"
    (root / "app").mkdir(parents=True)
    (root / "app" / "pom.xml").write_bytes(CHILD)
    (root / "pom.xml").symlink_to(outside)
    assert {p.name: p.version for p in taken(root).packages} == {"g:app": "1", "x:a": ""}
    (root / "pom.xml").unlink()
    (root / "pom.xml").write_bytes(PARENT["pom.xml"])
    assert {p.name: p.version for p in taken(root).packages}["x:a"] == "1.9"


def test_a_module_that_is_scanned_alone_finds_its_parent_above(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pom.xml").write_bytes(CHILD)
    (tmp_path / "pom.xml").write_bytes(PARENT["pom.xml"])
    assert {p.name: p.version for p in taken(tmp_path / "app").packages}["x:a"] == "1.9"


def test_nothing_else_outside_of_a_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "pom.xml").symlink_to(tmp_path / "secret")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "app" / "own").write_bytes(b"y")
    tree = Tree(str(tmp_path / "app"))
    asked = ("../secret", "../pom.xml", "link", str(tmp_path / "secret"), "a\0b", ".", "own/..")
    assert [tree.read(path) for path in asked] == [None] * len(asked)
    assert tree.read("own") == tree.read("x/../own") == b"y"


def test_the_local_repository_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for path, data in stored("x:a", "1", needs(coordinates("x:b", "2"))).items():
        place = tmp_path / "home" / path.removeprefix("~/")
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
    root = tmp_path / "tree"
    root.mkdir()
    (root / "pom.xml").write_bytes(project("g:app", "1", needs(coordinates("x:a", "1"))))
    inventory = taken(root)
    assert {p.name: p.version for p in inventory.packages} == {"g:app": "1", "x:a": "1", "x:b": "2"}
    [problem] = inventory.problems
    assert problem.what.endswith("for want of their POMs in ~/.m2: x:b")
