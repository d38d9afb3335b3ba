"""Maven artifacts of Java archives."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import jar as archive
from archives import manifest, pom
from memory import MemoryFile
from pratique.analyzers.jar import LOOKUP, jar
from pratique.errors import MalformedError
from pratique.model.inventory import Package

LOG4J = pom("org.apache.logging.log4j", "log4j-core", "2.14.1")
LOG4J_NAME = "org.apache.logging.log4j:log4j-core"


def packages(data: bytes, path: str = "opt/app.jar") -> list[Package]:
    found = [fact for fact in jar.analyze(MemoryFile(path, data)) if isinstance(fact, Package)]
    assert {(p.path, p.analyzer, p.type) for p in found} <= {(path, "jar", "maven")}
    return found


def facts(data: bytes, path: str = "opt/app.jar") -> list[tuple[str, str, str]]:
    return [(p.name, p.version, p.inner) for p in packages(data, path)]


def facts_and_error(data: bytes, path: str = "opt/app.jar") -> tuple[list[tuple[str, str]], str]:
    found, reason = [], ""
    try:
        for fact in jar.analyze(MemoryFile(path, data)):
            assert isinstance(fact, Package)
            found.append((fact.name, fact.inner))
    except MalformedError as error:
        reason = error.reason
    return found, reason


def test_an_archive_that_maven_built() -> None:
    assert facts(archive(LOG4J | {LOOKUP: b""}), "lib/log4j-core-2.14.1.jar") == [
        (LOG4J_NAME, "2.14.1", "")
    ]


@pytest.mark.parametrize("stored", [True, False])
def test_archives_in_archives_to_any_depth(*, stored: bool) -> None:
    library = archive(pom("org.x", "x", "1.0"), stored=stored)
    web = archive({"WEB-INF/lib/x-1.0.jar": library, "WEB-INF/web.xml": b""}, stored=stored)
    whole = archive({"web.war": web, **pom("org.app", "app", "3")}, stored=stored)
    assert facts(whole, "srv/app-3.ear") == [
        ("org.app:app", "3", ""),
        ("org.x:x", "1.0", "web.war/WEB-INF/lib/x-1.0.jar"),
    ]


def test_a_program_before_the_archive_does_not_matter() -> None:
    library = archive(pom("org.x", "x", "1.0"))
    whole = b"#!/bin/sh\nexec java -jar $0\n" + archive(
        {"BOOT-INF/lib/x.jar": library}, stored=True
    )
    assert facts(whole) == [("org.x:x", "1.0", "BOOT-INF/lib/x.jar")]


def test_shaded_content_is_listed_with_the_archive_that_has_it() -> None:
    whole = archive(pom("lab", "shaded", "2.0") | pom("com.google.guava", "guava", "24.1-jre"))
    assert facts(whole, "shaded-2.0-uber.jar") == [
        ("lab:shaded", "2.0", ""), ("com.google.guava:guava", "24.1-jre", "")
    ]  # fmt: skip


def test_an_application_is_not_reported_under_the_name_of_what_it_holds() -> None:
    whole = archive(pom("com.google.guava", "guava", "24.1-jre"))
    assert facts(whole, "app/service.jar") == [("com.google.guava:guava", "24.1-jre", "")]
    assert facts(whole, "app/service-1.0.jar") == [
        ("com.google.guava:guava", "24.1-jre", ""), ("service", "1.0", "")
    ]  # fmt: skip


def test_a_removed_lookup_class_is_evidence() -> None:
    (mitigated,) = packages(archive(LOG4J | {"org/apache/logging/log4j/core/Core.class": b""}))
    assert mitigated.module == f"without {LOOKUP}"
    (whole,) = packages(archive(LOG4J | {LOOKUP: b""}))
    (relocated,) = packages(archive(LOG4J | {"x/shaded/log4j/core/lookup/JndiLookup.class": b""}))
    (agent,) = packages(archive(LOG4J | {LOOKUP + "data": b""}))
    assert whole.module == relocated.module == agent.module == ""


def test_a_lookup_class_without_metadata_is_log4j_of_an_unknown_version() -> None:
    whole = archive({"com/shop/shaded/log4j/core/lookup/JndiLookup.class": b""})
    assert facts(whole, "shop.jar") == [(LOG4J_NAME, "", "")]
    assert facts(archive({LOOKUP: b""}), "log4j-core-2.14.1.jar") == [(LOG4J_NAME, "2.14.1", "")]


def test_a_file_of_no_bytes_holds_nothing() -> None:
    assert facts(b"") == []


def test_what_is_no_archive_is_an_error() -> None:
    assert facts_and_error(b"<html>not found</html>") == (
        [],
        "not a zip archive, or one that is cut short",
    )


def test_a_broken_inner_archive_is_named_after_the_rest() -> None:
    good = archive(pom("org.x", "x", "1.0"))
    whole = archive({"lib/bad.jar": good[:-30], "lib/x.jar": good})
    assert facts_and_error(whole) == (
        [("org.x:x", "lib/x.jar")], "lib/bad.jar: not a zip archive, or one that is cut short"
    )  # fmt: skip


def test_many_problems_are_counted() -> None:
    whole = archive({f"{n}.jar": b"x" for n in range(9)})
    assert facts_and_error(whole)[1].endswith("; and 6 more")


def patched(data: bytes, at: int, value: int) -> bytes:
    """Set a 16-bit field of every entry of the directory."""
    out, found = bytearray(data), data.find(b"PK\1\2")
    while found >= 0:
        struct.pack_into("<H", out, found + at, value)
        found = data.find(b"PK\1\2", found + 1)
    return bytes(out)


def test_encrypted_and_unknown_compression_are_errors() -> None:
    whole = archive({"lib/x.jar": b"x"})
    assert facts_and_error(patched(whole, 8, 1)) == ([], "lib/x.jar: is encrypted")
    assert facts_and_error(patched(whole, 10, 12)) == ([], "lib/x.jar: is compressed by method 12")


def nested(depth: int, content: bytes) -> bytes:
    for _ in range(depth):
        content = archive({"x.jar": content})
    return content


def test_depth_is_bounded() -> None:
    library = archive(pom("org.x", "x", "1.0"))
    assert len(facts(nested(16, library))) == 1
    names, reason = facts_and_error(nested(17, library))
    assert names == []
    assert reason.endswith("is nested more than 16 deep")


def test_zeros_that_inflate_a_thousandfold_are_a_bomb() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("x.jar", "w") as entry:
        for _ in range(256):
            entry.write(bytes(1 << 20))
    began = time.process_time()
    names, reason = facts_and_error(nested(10, out.getvalue()))
    assert names == []
    assert reason.endswith(": a bomb")
    assert time.process_time() - began < 1


def overlapping(count: int, content: bytes) -> bytes:
    """An archive whose many entries share one place."""
    head = (
        struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, len(content), len(content), 5, 0)
        + b"x.jar"
    )
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, len(content), len(content), 5, 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    rows = (row + b"x.jar") * count
    start = len(head) + len(content)
    end = struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(rows), start, 0
    )
    return head + content + rows + end


def test_entries_that_share_a_place_cannot_multiply() -> None:
    content = archive({"a.txt": b""})
    for _ in range(4):
        content = overlapping(30, content)
    began = time.process_time()
    assert facts_and_error(content)[1] == "holds more than 10000 archives"
    assert time.process_time() - began < 5


def test_many_entries_are_read_in_time() -> None:
    out = io.BytesIO()
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0
    )
    for number in range(100_000):
        out.write(row + b"a/b/c/C%07d.class" % number)
    size = out.tell()
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 100_000, 100_000, size, 0)
    out.write(wide + struct.pack("<4sIQI", b"PK\6\7", 0, size, 1))
    out.write(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
    began = time.process_time()
    assert facts(out.getvalue(), "big-1.0.jar") == [("big", "1.0", "")]
    assert time.process_time() - began < 2


def samples() -> Iterator[bytes]:
    library = archive(
        pom("org.x", "x", "1.0") | manifest(Implementation_Title="x", Implementation_Version="1")
    )
    yield archive({"lib/x-1.0.jar": library, LOOKUP: b"", **LOG4J})
    yield archive({"lib/x-1.0.jar": library, **LOG4J}, stored=True, comment=b"PK\5\6")


@settings(max_examples=300, deadline=2000)
@given(
    st.sampled_from(list(samples())),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=8),
    st.integers(0, 4000),
)
def test_broken_archives_raise_nothing_else(
    whole: bytes, flips: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(whole)
    for at, value in flips:
        data[at % len(data)] = value
    facts_and_error(bytes(data))
    facts_and_error(bytes(data[:end]))


@settings(max_examples=200, deadline=2000)
@given(st.binary(max_size=400), st.binary(max_size=40))
def test_random_bytes_raise_nothing_else(data: bytes, tail: bytes) -> None:
    facts_and_error(data + b"PK\1\2" + tail + b"PK\5\6" + tail + bytes(20))
