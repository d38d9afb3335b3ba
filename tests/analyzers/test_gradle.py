"""Gradle's lock files and version catalogs, and sbt's lock files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.analyzers.gradle_catalog import gradle_catalog
from pratique.analyzers.gradle_lock import gradle_lock
from pratique.analyzers.sbt_lock import sbt_lock
from pratique.model.analyzer import Analyzer
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
LOCK = "gradle/anchore+syft/syft/pkg/cataloger/java/testdata/java-builds/example-java-app/"
EMPTY = (
    "gradle/aquasecurity+trivy/pkg/fanal/analyzer/language/java/gradle/testdata/lockfiles/empty/"
)
CATALOG = b"""
[versions]
kotlin = "1.9.22"
flink = { strictly = "[1.17, 1.18[", prefer = "1.17.1" }
guava = { require = "32.1.3-jre" }
open = "1.+"

[libraries]
guava = { module = "com.google.guava:guava", version.ref = "guava" }
flink-core = { group = "org.apache.flink", name = "flink-core", version = { ref = "flink" } }
okio = "com.squareup.okio:okio:3.7.0"
"spring" = { module = "org.springframework:spring-core" } # a platform sets it
open = { module = "x:open", version.ref = "open" }
strict = { module = "x:strict", version = "2.0!!" }
lost = { module = "x:lost", version.ref = "nowhere" }
broken = "x"

[bundles]
all = ["guava", "okio"]

[plugins]
jvm = { id = "org.jetbrains.kotlin.jvm", version.ref = "kotlin" }
short = "com.example.short:1.0"
"""
SBT = b"""{"lockVersion": 1, "timestamp": "2019-10-29T17:33:05.944Z", "configurations": ["compile"],
 "dependencies": [
  {"org": "org.apache.commons", "name": "commons-lang3", "version": "3.9", "artifacts": [
   {"name": "commons-lang3.jar", "hash": "sha1:0122c7cee69b53ed4a7681c03d4ee4c0e2765da5"}],
   "configurations": ["test", "compile", "runtime"]},
  {"org": "org.scalatest", "name": "scalatest_2.12", "version": "3.0.8", "artifacts": [],
   "configurations": ["test"]}]}"""


def test_locked_modules_are_read_with_what_only_tests_have(corpus: Corpus) -> None:
    data = corpus(f"{LOCK}gradle.lockfile").read_bytes()
    packages = packages_of(gradle_lock, "gradle.lockfile", data)
    assert [(p.name, p.version, p.dev, p.line) for p in packages] == [
        ("joda-time:joda-time", "2.2", False, 4),
        ("junit:junit", "4.12", True, 5),
        ("org.hamcrest:hamcrest-core", "1.3", True, 6),
    ]


def test_an_empty_lock_file_is_well_formed(corpus: Corpus) -> None:
    data = corpus(f"{EMPTY}gradle.lockfile").read_bytes()
    assert packages_of(gradle_lock, "gradle.lockfile", data) == []


@pytest.mark.parametrize(
    "configurations",
    [
        "testRuntimeClasspath,debugAndroidTestCompileClasspath",
        "integrationTestRuntimeClasspath",
    ],
)
def test_configurations_of_tests_are_for_development(configurations: str) -> None:
    data = f"g:a:1={configurations}\n".encode()
    assert [p.dev for p in packages_of(gradle_lock, "gradle.lockfile", data)] == [True]


@pytest.mark.parametrize(
    "configurations",
    ["", "classpath", "annotationProcessor", "testRuntimeClasspath,classpath", "latestClasspath"],
)
def test_other_configurations_are_not(configurations: str) -> None:
    data = f"g:a:1={configurations}\n".encode()
    assert [p.dev for p in packages_of(gradle_lock, "gradle.lockfile", data)] == [False]


def test_old_gradle_has_a_file_for_each_configuration() -> None:
    for name, dev in (("compileClasspath", False), ("testRuntimeClasspath", True)):
        path = f"app/gradle/dependency-locks/{name}.lockfile"
        [package] = packages_of(gradle_lock, path, b"# x\ng:a:1.0\n")
        assert (package.name, package.version, package.dev) == ("g:a", "1.0", dev)


def test_lines_that_lock_nothing_are_told() -> None:
    packages, error = read_as_far_as_possible(gradle_lock, "x", b"g:a:1=c\n<<<<<<< HEAD\ng:b\n")
    assert (versions_of(packages), error) == ({"g:a": "1"}, "2 lines are no locked modules")


def test_a_catalog_offers_libraries_and_plugins() -> None:
    packages = packages_of(gradle_catalog, "gradle/libs.versions.toml", CATALOG)
    libraries = {p.name: (p.version, p.line) for p in packages if not p.dev}
    assert libraries == {
        "com.google.guava:guava": ("32.1.3-jre", 9),
        "org.apache.flink:flink-core": ("1.17.1", 10),
        "com.squareup.okio:okio": ("3.7.0", 11),
        "org.springframework:spring-core": ("", 12),
        "x:open": ("", 13),
        "x:strict": ("2.0", 14),
        "x:lost": ("", 15),
    }
    assert versions_of([p for p in packages if p.dev]) == {
        "org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin": "1.9.22",
        "com.example.short:com.example.short.gradle.plugin": "1.0",
    }


def test_a_catalog_beside_a_lock_file_adds_nothing() -> None:
    others = {"app/gradle.lockfile": b""}
    path = "app/gradle/libs.versions.toml"
    assert read_as_far_as_possible(gradle_catalog, path, CATALOG, others) == ([], "")


def test_sbts_locked_modules_are_read() -> None:
    commons, scalatest = packages_of(sbt_lock, "build.sbt.lock", SBT)
    assert (commons.name, commons.version, commons.dev) == (
        "org.apache.commons:commons-lang3", "3.9", False,
    )  # fmt: skip
    assert commons.hashes == ("sha1:0122c7cee69b53ed4a7681c03d4ee4c0e2765da5",)
    assert (scalatest.name, scalatest.dev) == ("org.scalatest:scalatest_2.12", True)


def test_another_version_of_sbts_format_is_told() -> None:
    data = SBT.replace(b'"lockVersion": 1', b'"lockVersion": 2')
    error = read_as_far_as_possible(sbt_lock, "build.sbt.lock", data)[1]
    assert error == "version 2 of the format is not known"


@settings(deadline=None)
@given(
    st.sampled_from([(gradle_lock, b"g:a:1=c\n# x\n"), (gradle_catalog, CATALOG), (sbt_lock, SBT)]),
    st.binary(max_size=60),
    st.integers(0, 900),
    st.integers(0, 60),
)
def test_mutated_files_are_read_or_malformed(
    sample: tuple[Analyzer, bytes], noise: bytes, at: int, cut: int
) -> None:
    analyzer, data = sample
    read_as_far_as_possible(analyzer, "gradle/x", data[:at] + noise + data[at + cut :])
