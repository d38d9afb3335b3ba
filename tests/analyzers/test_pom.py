from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.pom import pom
from pratique.model.inventory import Package
from reading import read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TRIVY = "pom/aquasecurity+trivy/pkg/"
SYFT = "pom/anchore+syft/syft/pkg/cataloger/java/testdata/"
OWN = "<groupId>g</groupId><artifactId>m</artifactId><version>1.0</version>"


def dependency(version: str = "", scope: str = "", name: str = "a") -> str:
    return (
        f"<dependency><groupId>g</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version><scope>{scope}</scope></dependency>"
    )


def read(inner: str, path: str = "pom.xml") -> tuple[list[Package], str]:
    return read_as_far_as_possible(pom, path, f"<project>{OWN}{inner}</project>".encode())


def version_of(version: str, inner: str = "") -> str:
    packages, _ = read(f"{inner}<dependencies>{dependency(version)}</dependencies>")
    return versions_of(packages)["g:a"]


def test_a_project_and_what_it_depends_on_are_read(corpus: Corpus) -> None:
    path = corpus(f"{TRIVY}fanal/analyzer/language/java/pom/testdata/happy/pom.xml")
    (root, api), error = read_as_far_as_possible(pom, "pom.xml", path.read_bytes())
    assert error.endswith("want of their POMs in ~/.m2: com.example:example-api")
    assert (root.name, root.version, root.relation) == ("com.example:example", "1.0.0", "root")
    assert root.licenses == ("Apache 2.0",)
    assert (api.name, api.version, api.relation) == ("com.example:example-api", "2.0.0", "direct")
    assert (api.line, api.type) == (28, "maven")


def test_managed_versions_and_test_scope_are_heeded(corpus: Corpus) -> None:
    path = corpus(f"{SYFT}pom/transitive-top-level/pom.xml")
    packages, _ = read_as_far_as_possible(pom, "pom.xml", path.read_bytes())
    assert versions_of([package for package in packages if not package.dev]) == {
        "my.other.group:transitive-top-level": "99",
        "my.org:child-one": "1.3.6",
    }


def test_a_large_real_project_is_read(corpus: Corpus) -> None:
    path = corpus(f"{SYFT}pom/neo4j-license-maven-plugin.pom.xml")
    found, _ = read_as_far_as_possible(pom, "pom.xml", path.read_bytes())
    packages = [package for package in found if not package.dev]
    assert len(packages) == 5
    assert versions_of(packages)["org.codehaus.plexus:plexus-utils"] == "2.0.5"


def test_a_child_has_its_parents_group_and_version() -> None:
    parent = "<parent><groupId>p</groupId><artifactId>q</artifactId><version>4</version></parent>"
    data = f"<project>{parent}<artifactId>c</artifactId></project>".encode()
    packages, error = read_as_far_as_possible(pom, "pom.xml", data)
    assert versions_of(packages) == {"p:c": "4"}
    assert error == "not in the tree nor in ~/.m2: p:q:4"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2", "1.2"),
        ("[1.2]", "1.2"),
        ("${project.version}", "1.0"),
        ("${version}", "9"),
        ("${b}-x", "2.1-x"),
        ("${unknown}", ""),
        ("${loop}", ""),
        ("(,1.0]", ""),
        ("[1.0,2.0)", ""),
        ("LATEST", ""),
        ("@mark@", ""),
    ],
)
def test_versions_are_resolved_as_far_as_the_file_tells(version: str, expected: str) -> None:
    properties = "<a>2</a><b>${a}.1</b><loop>${pool}</loop><pool>${loop}</pool>"
    more = "<version>9</version><project.version>8</project.version>"
    assert version_of(version, f"<properties>{properties}{more}</properties>") == expected


def test_what_is_missing_is_told_at_the_end() -> None:
    inner = dependency("${x}", name="a") + dependency("", name="b") + dependency("3", name="c")
    packages, error = read(f"<dependencies>{inner}</dependencies>")
    assert versions_of(packages) == {"g:m": "1.0", "g:a": "", "g:b": "", "g:c": "3"}
    versions, needs = error.split("; ")
    assert versions == "2 versions are not set: g:a, g:b"
    assert needs == "what these need is not known, for want of their POMs in ~/.m2: g:c"


def test_what_tests_need_is_for_development() -> None:
    inner = dependency("1", "test", "a") + dependency("1", "runtime", "b")
    packages, _ = read(f"<dependencies>{inner}</dependencies>")
    assert {p.name: p.dev for p in packages} == {"g:m": False, "g:a": True, "g:b": False}


@pytest.mark.parametrize("scope", ["provided", "system", "import"])
def test_what_is_not_there_at_run_time_is_left_out(scope: str) -> None:
    packages, error = read(f"<dependencies>{dependency('1', scope)}</dependencies>")
    assert [package.name for package in packages] == ["g:m"]
    assert error == ""


def test_a_profile_counts_where_it_is_active_by_default() -> None:
    """`mvn dependency:list` says the same."""
    codec = "<groupId>c</groupId><artifactId>codec</artifactId><version>${codec.version}</version>"
    active = "<activation><activeByDefault>true</activeByDefault></activation>"
    packages, _ = read(f"""<properties><codec.version>1.14</codec.version></properties>
<dependencies><dependency>{codec}</dependency>{dependency("1")}</dependencies>
<profiles>
  <profile><id>other</id><properties><codec.version>7</codec.version></properties>
    <dependencies>{dependency("3")}</dependencies></profile>
  <profile><id>usual</id>{active}<properties><codec.version>1.15</codec.version></properties>
    <dependencies>{dependency("2")}</dependencies></profile>
</profiles>""")
    versions = [package.version for package in packages if package.name != "g:m"]
    assert sorted(versions) == ["1.15", "2"]


def test_integration_tests_of_a_plugin_are_for_development() -> None:
    packages, _ = read(f"<dependencies>{dependency('1')}</dependencies>", "src/it/x/pom.xml")
    assert all(package.dev for package in packages)


def test_properties_that_double_do_not_fill_the_memory() -> None:
    doubling = "".join(f"<a{n}>{f'${{a{n + 1}}}' * 50}</a{n}>" for n in range(50))
    assert version_of("${a0}", f"<properties>{doubling}<a50>x</a50></properties>") == ""


def test_a_chain_of_properties_does_not_exhaust_the_stack() -> None:
    chain = "".join(f"<a{n}>${{a{n + 1}}}</a{n}>" for n in range(5000))
    assert version_of("${a0}", f"<properties>{chain}</properties>") == ""


@pytest.mark.parametrize("data", [b"", b"{}", b"<other/>", b"<project>", b"<project></other>"])
def test_what_is_no_project_is_malformed(data: bytes) -> None:
    packages, error = read_as_far_as_possible(pom, "pom.xml", data)
    assert (packages, bool(error)) == ([], True)


@pytest.mark.parametrize(
    ("wanted", "version"),
    [("[1.7.30,1.7.32]", "1.7.32"), ("[1.7.30,1.7.32)", "1.7.30"), ("(,1.7.30)", "1.5"),
     ("[1.5]", "1.5"), ("[1.5,)", "2.0-beta"), ("(,1.5),[1.7.30,1.7.31]", "1.7.30"), ("[3,)", ""),
     ("[", ""), ("(1.5,1.5)", "")],
)  # fmt: skip
def test_of_a_range_the_newest_that_maven_has_heard_of_is_taken(wanted: str, version: str) -> None:
    said = "".join(f"<version>{v}</version>" for v in ("2.0-beta", "1.5", "1.7.30", "1.7.32"))
    metadata = f"<metadata><versioning><versions>{said}</versions></versioning></metadata>"
    path = "~/.m2/repository/g/a/maven-metadata-central.xml"
    project = f"<project>{OWN}<dependencies>{dependency(wanted)}</dependencies></project>"
    for others, found in (({path: metadata.encode()}, version), ({path: b"<"}, ""), ({}, "")):
        packages, error = read_as_far_as_possible(pom, "pom.xml", project.encode(), others)
        newest = "1.5" if wanted == "[1.5]" else found  # one version needs no list
        assert [one.version for one in packages if one.name == "g:a"] == [newest]
        assert ("versions are not set" in error) == (not newest)
