"""Artifacts in archives that say nothing of them."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import jar as archive
from archives import pom
from memory import MemoryFile
from pratique.analyzers.jar import jar
from pratique.codecs.jar_classes import TELLING, by_classes, told
from pratique.codecs.jar_identity import Artifact
from pratique.errors import MalformedError
from pratique.model.inventory import Package


def class_file(*texts: str) -> bytes:
    """The head of a class file: a long, a reference and texts among its constants."""
    pool = struct.pack(">BQ", 5, 1) + struct.pack(">BHH", 10, 1, 2)
    for text in texts:
        pool += struct.pack(">BH", 1, len(text)) + text.encode()
    return b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 52, 4 + len(texts)) + pool + bytes(8)


JACKSON = class_file("()V", "2.13.4", "hidden.fx.jackson.core", "jackson-databind", "VERSION")
PATH = "hidden/fx/jackson/databind/cfg/PackageVersion.class"
TOMCAT = b"# x\nserver.info=Apache Tomcat/9.0.68\nserver.number=9.0.68.0\n"
NETTY = b"#x\nnetty-transport.version=4.1.79.Final\nnetty-transport.shortCommitHash=abc\n"


def facts(files: Mapping[str, str | bytes], path: str = "opt/app-1.0.jar") -> list[tuple[str, str]]:
    found = jar.analyze(MemoryFile(path, archive(files)))
    return [(fact.name, fact.version) for fact in found if isinstance(fact, Package)]


def test_a_relocated_jackson_says_its_version_in_a_class() -> None:
    assert facts({PATH: JACKSON}) == [
        ("app", "1.0"), ("com.fasterxml.jackson.core:jackson-databind", "2.13.4"),
    ]  # fmt: skip


def test_a_jackson_that_is_known_is_not_told_again() -> None:
    known = pom("com.fasterxml.jackson.core", "jackson-databind", "2.13.4")
    path = "lib/jackson-databind-2.13.4.jar"
    assert len(facts(known | {PATH: JACKSON}, path)) == 1


def test_tomcat_says_its_version_and_whether_it_is_embedded() -> None:
    info = {"org/apache/catalina/util/ServerInfo.properties": TOMCAT}
    embedded = info | {"org/apache/coyote/Adapter.class": b""}
    assert facts(info)[1:] == [("org.apache.tomcat:tomcat-catalina", "9.0.68")]
    assert facts(embedded)[1:] == [("org.apache.tomcat.embed:tomcat-embed-core", "9.0.68")]


def test_one_part_of_netty_tells_the_version_of_those_whose_classes_are_there() -> None:
    files = {
        "META-INF/io.netty.versions.properties": NETTY,
        "x/netty/handler/ssl/SslHandler.class": b"",
    }
    assert facts(files)[1:] == [
        ("io.netty:netty-transport", "4.1.79.Final"), ("io.netty:netty-handler", "4.1.79.Final"),
    ]  # fmt: skip


def test_classes_that_only_one_artifact_has_tell_it_without_a_version() -> None:
    classes = {"hidden/ym/snakeyaml/constructor/SafeConstructor.class": b""}
    assert facts(classes)[1:] == [("org.yaml:snakeyaml", "")]
    assert facts({**classes, **pom("org.yaml", "snakeyaml", "1.30")})[0] == (
        "org.yaml:snakeyaml",
        "1.30",
    )
    assert len(facts(classes, "lib/snakeyaml-1.30.jar")) == 1


def test_classes_of_another_package_of_that_name_do_not() -> None:
    names = b"org/apache/tomcat/util/http/fileupload/FileUploadBase.class"
    assert list(by_classes(names, [])) == []


def test_what_is_known_of_the_same_group_may_be_it_under_another_name() -> None:
    names = b"com/google/common/collect/ImmutableList.class"
    assert list(by_classes(names, [Artifact("com.google.guava", "guava-jdk5", "17")])) == []
    assert list(by_classes(names, [])) == [Artifact("com.google.guava", "guava", "")]


def test_a_broken_class_file_is_a_problem_that_names_the_entry() -> None:
    with pytest.raises(MalformedError, match=f"{PATH}: not a class file"):
        facts({PATH: b"no class"})
    with pytest.raises(MalformedError, match="constants of an unknown kind"):
        told(PATH, JACKSON[:10] + b"\xff" + JACKSON[11:], b"")


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(0, 120), st.integers(0, 40), st.sampled_from(TELLING))
def test_mutated_entries_tell_artifacts_or_are_malformed(
    noise: bytes, at: int, cut: int, ending: bytes
) -> None:
    for data in (JACKSON, TOMCAT, NETTY):
        try:
            found = told(ending.decode(), data[:at] + noise + data[at + cut :], b"")
        except MalformedError:
            continue
        assert all(one.artifact and one.version for one in found)


def test_a_jmod_is_read_behind_its_own_header() -> None:
    data = b"JM\1\0" + archive(pom("org.x", "x", "1.0"))
    [package] = jar.analyze(MemoryFile("opt/jmods/x.jmod", data))
    assert isinstance(package, Package)
    assert (package.name, package.version) == ("org.x:x", "1.0")
