from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.jar_identity import (
    Artifact,
    identify,
    is_pom_properties,
    read_manifest,
    read_pom_properties,
    split_name,
)

SPRING = b"org/springframework/core/SpringVersion.class"


def own(name: str, manifest: dict[str, str] | None = None, classes: bytes = b"") -> str:
    found = list(identify(name, (), manifest or {}, classes))
    assert len(found) <= 1
    return f"{found[0].name}@{found[0].version}" if found else ""


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("log4j-core-2.14.1", ("log4j-core", "2.14.1")),
        ("guava-24.1-jre", ("guava", "24.1-jre")),
        ("log4j-1.2-api-2.14.1", ("log4j-1.2-api", "2.14.1")),
        ("hibernate-jpa-2.1-api-1.0.2.Final", ("hibernate-jpa-2.1-api", "1.0.2.Final")),
        ("app-0.0.1-SNAPSHOT", ("app", "0.0.1-SNAPSHOT")),
        ("foo-1.0-beta-2", ("foo", "1.0-beta-2")),
        ("foo-1.0-2", ("foo", "1.0-2")),
        ("netty-tcnative-2.0.39.Final-linux-x86_64", ("netty-tcnative", "2.0.39.Final")),
        ("shaded-2.0.0-uber", ("shaded", "2.0.0")),
        ("kafka_2.12-3.1.0", ("kafka_2.12", "3.1.0")),
        ("bcprov-jdk15on-1.68", ("bcprov-jdk15on", "1.68")),
        ("commons-collections-20040616", ("commons-collections", "20040616")),
        ("jul-to-slf4j-1.7.30", ("jul-to-slf4j", "1.7.30")),
        ("app", ("", "")),
        ("2.0", ("", "")),
        ("my app-1.0", ("", "")),
    ],
)
def test_file_names(stem: str, expected: tuple[str, str]) -> None:
    assert split_name(stem) == expected


def test_a_version_that_the_manifest_names_decides_where_a_name_is_split() -> None:
    assert split_name("api-v1-rev20210127-1.31.0", ["v1-rev20210127-1.31.0"]) == (
        "api",
        "v1-rev20210127-1.31.0",
    )
    assert split_name("x-1.0-linux", ["1.0"]) == ("x", "1.0")


def test_a_manifest_is_read_to_the_end_of_its_first_section() -> None:
    text = b"Manifest-Version: 1.0\r\nBundle-SymbolicName: org.x.\r\n core;singleton:=true\r\n\r\nName: a\r\nX: y\r\n"
    expected = {"manifest-version": "1.0", "bundle-symbolicname": "org.x.core;singleton:=true"}
    found = read_manifest(text)
    assert {key: found[key] for key in expected} == expected
    assert "x" not in found
    assert (
        read_manifest(text.replace(b"\r\n", b"\n"))
        == read_manifest(text.replace(b"\r\n", b"\r"))
        == found
    )
    assert read_manifest("A: é".encode().replace(b"\xa9", b"\n \xa9"))["a"] == "é"


def test_pom_properties() -> None:
    entry = "META-INF/maven/org.x/x/pom.properties"
    text = b"#Generated\nversion=1.0\ngroupId = org.x\r\nartifactId: x\n"
    assert read_pom_properties(entry, text) == Artifact("org.x", "x", "1.0")
    assert read_pom_properties(entry, b"version=1.0") == Artifact("org.x", "x", "1.0")
    assert read_pom_properties(entry, b"version=${project.version}") is None
    assert read_pom_properties(entry, b"") is None
    assert is_pom_properties("WEB-INF/classes/" + entry)
    assert not is_pom_properties("src/pom.properties")


def test_the_own_identity_agrees_with_a_pom_by_name_or_by_the_manifest_of_a_renamed_file() -> None:
    pom = Artifact("org.x", "x", "1.0")
    for name, manifest in (
        ("x-1.0.jar", {}), ("x-1.0-all.jar", {}), ("x.jar", {}), ("y.jar", {"implementation-version": "1.0"}),
    ):  # fmt: skip
        assert list(identify(name, (pom, pom), manifest, b"")) == [pom]
    other = {"implementation-title": "y", "implementation-version": "7"}
    assert list(identify("y.jar", (pom,), other, b"")) == [pom, Artifact("", "y", "7")]


def test_a_file_name_alone_gives_no_group() -> None:
    assert own("foo-1.2.jar") == "foo@1.2"
    assert own("foo.jar") == ""


def test_sources_and_documentation_are_no_code() -> None:
    assert own("foo-1.2-sources.jar") == own("foo-1.2-javadoc.jar") == ""


def test_groups_by_the_symbolic_name_and_the_vendor() -> None:
    assert own("xz-1.8.jar", {"bundle-symbolicname": "org.tukaani.xz"}) == "org.tukaani:xz@1.8"
    vendor = {"implementation-vendor-id": "com.lihaoyi"}
    assert own("upickle_3-1.0.jar", vendor, b"com/lihaoyi/x.class") == "com.lihaoyi:upickle_3@1.0"
    assert own("upickle_3-1.0.jar", vendor) == "upickle_3@1.0"
    umbrella = {"implementation-vendor-id": "org.apache"}
    assert own("thing-1.0.jar", umbrella, b"org/apache/x.class") == "thing@1.0"


def test_groups_by_the_title_of_nebula_and_by_a_pom_without_properties() -> None:
    title = {"implementation-title": "io.micrometer#micrometer-core;1.7.0"}
    assert own("renamed.jar", title) == "io.micrometer:micrometer-core@1.7.0"
    assert own("x-1.0.jar", {}, b"META-INF/maven/org.x/x/pom.xml") == "org.x:x@1.0"


def test_groups_of_widespread_artifacts_need_their_classes() -> None:
    manifest = {"implementation-title": "spring-core", "implementation-version": "5.3.7"}
    assert own("spring-core-5.3.7.jar", manifest, SPRING) == "org.springframework:spring-core@5.3.7"
    assert own("renamed.jar", manifest, SPRING) == "org.springframework:spring-core@5.3.7"
    assert own("spring-core-5.3.7.jar", manifest) == "spring-core@5.3.7"


def test_an_application_does_not_get_the_group_of_the_loader_in_it() -> None:
    classes = b"org/springframework/boot/loader/JarLauncher.class BOOT-INF/lib/"
    assert own("spring-boot-shop-1.0.jar", {}, classes) == "spring-boot-shop@1.0"


def test_tomcat_that_names_itself_in_its_bundle() -> None:
    manifest = {
        "implementation-title": "Apache Tomcat",
        "implementation-version": "9.0.46",
        "bundle-symbolicname": "org.apache.tomcat-catalina",
    }
    assert (
        own("catalina.jar", manifest, b"org/apache/catalina/")
        == "org.apache.tomcat:tomcat-catalina@9.0.46"
    )


@given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=3))
def test_any_name_can_be_split(stem: str, versions: list[str]) -> None:
    split_name(stem, versions)


@given(st.text("a1.-", max_size=400))
def test_parts_of_a_name_are_parts_of_it(stem: str) -> None:
    artifact, version = split_name(stem)
    assert stem.startswith(f"{artifact}-{version}" if version else "")


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_metadata_can_be_read(data: bytes, name: str) -> None:
    pom = read_pom_properties("META-INF/maven/g/a/pom.properties", data)
    list(identify(name, [pom] if pom else [], read_manifest(data), data))
