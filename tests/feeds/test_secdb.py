from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.ecosystems.apk import version_key
from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import osv, secdb
from pratique.feeds.secdb import documents, feed, parse
from pratique.model.advisory import Affected, Range
from pratique.model.feed import About, Unread

MAIN = "https://secdb.alpinelinux.org/v3.20/main.json"
WOLFI = "https://packages.wolfi.dev/os/security.json"


def read(document: Any, where: str = MAIN) -> list[About | Unread]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(parse(io.BytesIO(data), where))


def fixes(*ids: str, version: str = "1.2-r3") -> dict[str, Any]:
    return {"packages": [{"pkg": {"name": "xen", "secfixes": {version: list(ids)}}}]}


def about(*ids: str, where: str = MAIN) -> About:
    [found] = read(fixes(*ids), where)
    assert isinstance(found, About)
    return found


def test_a_branch_has_two_repositories() -> None:
    assert documents("Alpine:v3.20") == (
        MAIN, "https://secdb.alpinelinux.org/v3.20/community.json",
    )  # fmt: skip
    assert documents("Alpine:edge")[0] == "https://secdb.alpinelinux.org/edge/main.json"


def test_all_branches_are_asked_for_by_a_star() -> None:
    every = documents("Alpine:*")
    assert {*documents("Alpine:v3.3"), *documents("Alpine:v3.23"), *documents("Alpine:edge")} <= {
        *every
    }
    assert len(every) == len(set(every))


def test_distributions_without_releases_have_one_document() -> None:
    assert documents("Wolfi") == (WOLFI,)
    assert documents("Chainguard") == ("https://packages.cgr.dev/chainguard/security.json",)
    assert documents("MinimOS") == ("https://packages.mini.dev/advisories/secdb/security.json",)
    assert documents("Alpine") == documents("Alpaquita:23") == documents("PyPI") == ()


def test_it_speaks_before_osv_does() -> None:
    assert feed.rank < osv.feed.rank
    assert all(documents(shard) for shard in feed.offers)


def test_a_fix_is_a_range_up_to_it() -> None:
    found = about("CVE-2024-1234")
    assert (found.ecosystem, found.name) == ("Alpine:v3.20", "xen")
    assert found.affected == Affected((Range("0", "1.2-r3"),))
    assert (found.advisory.id, found.advisory.aliases) == (
        "ALPINE-CVE-2024-1234", ("CVE-2024-1234",),
    )  # fmt: skip


def test_what_was_never_affected_is_left_out() -> None:
    assert read(fixes("CVE-2024-1234", version="0")) == []


def test_a_document_is_of_what_its_address_says() -> None:
    edge = "https://secdb.alpinelinux.org/edge/community.json"
    assert about("CVE-2024-1234", where=edge).ecosystem == "Alpine:edge"
    wolfi = about("CVE-2024-1234", where=WOLFI)
    assert (wolfi.ecosystem, wolfi.advisory.id) == ("Wolfi", "CVE-2024-1234")


@pytest.mark.parametrize(
    ("line", "id", "aliases", "covers"),
    [("CVE-2018-19966 XSA-280", "ALPINE-CVE-2018-19966", ("CVE-2018-19966", "XSA-280"), ()),
     ("CVE-2018-3620 CVE-2018-3646 XSA-273", "XSA-273", (), ("CVE-2018-3620", "CVE-2018-3646")),
     ("CVE-2018-3620 CVE-2018-3646", "CVE-2018-3620", (), ("CVE-2018-3620", "CVE-2018-3646")),
     ("CVE-????-?????  XSA-284", "XSA-284", (), ()),
     ("CVE_2019-2426", "ALPINE-CVE-2019-2426", ("CVE-2019-2426",), ()),
     ("CVE 2018-16859", "ALPINE-CVE-2018-16859", ("CVE-2018-16859",), ()),
     ("CVE-2017-17434-1", "ALPINE-CVE-2017-17434", ("CVE-2017-17434",), ()),
     ("CVE-2021-35940.patch", "ALPINE-CVE-2021-35940", ("CVE-2021-35940",), ()),
     ("CVE-2018-16227 (802.11)", "ALPINE-CVE-2018-16227", ("CVE-2018-16227",), ()),
     ("CVE-2018-10105 (SMB - too unreliably reproduced)", "ALPINE-CVE-2018-10105",
      ("CVE-2018-10105",), ()),
     ("GHSA-4374-p667-p6c8", "GHSA-4374-p667-p6c8", (), ()),
     ("wnpa-sec-2017-18", "wnpa-sec-2017-18", (), ())],
)  # fmt: skip
def test_ids_are_found_as_people_write_them(
    line: str, id: str, aliases: tuple[str, ...], covers: tuple[str, ...]
) -> None:
    found = about(line).advisory
    assert (found.id, found.aliases, found.covers) == (id, aliases, covers)


def test_packages_without_fixes_say_nothing() -> None:
    packages = [{"pkg": {"name": "a", "secfixes": None}}, {"pkg": {"name": "b"}},
                {"pkg": {"name": "c", "secfixes": {"1-r0": None, "2-r0": []}}}]  # fmt: skip
    assert read({"packages": packages}) == read({"packages": None}) == []


def test_what_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    document = fixes("unknown", "CVE-2024-1234")
    document["packages"] += [7, {"pkg": {"name": "y", "secfixes": {"1": "CVE-2024-2345"}}}]
    found = read(document)
    assert [f.what for f in found if isinstance(f, Unread)] == ["xen 1.2-r3", "package 2",
                                                                "package 3"]  # fmt: skip
    assert [f.name for f in found if isinstance(f, About)] == ["xen"]


@pytest.mark.parametrize("document", [b"", b"{", b"{}", b"[]", b'{"packages": 1}', b"<html>",
                                      b"[" * 100_000])  # fmt: skip
def test_what_is_no_secdb_is_refused(document: bytes) -> None:
    with pytest.raises(MalformedError, match="no secdb"):
        read(document)


def test_a_document_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secdb, "_LIMIT", 20)
    with pytest.raises(LimitExceeded):
        read(fixes("CVE-2024-1234"))


@given(st.text(max_size=60))
def test_any_line_names_flaws_or_is_named(line: str) -> None:
    [found] = read(fixes(line))
    assert isinstance(found, Unread) or found.advisory.id


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(MalformedError):
        assert all(isinstance(record, About | Unread) for record in read(data))


def test_the_real_files_are_read_in_full(feed_mirror: Path) -> None:
    lines = 0
    for path in sorted((feed_mirror / "secdb.alpinelinux.org").glob("*/*.json")):
        address = f"https://{path.relative_to(feed_mirror)}"
        with open(path, "rb") as file:
            found = list(parse(file, address))
        for record in found:
            assert isinstance(record, About), record
            assert record.ecosystem == f"Alpine:{path.parent.name}"
            version_key(record.affected.ranges[0].fixed)
        raw = json.loads(path.read_bytes())["packages"] or []
        assert len(found) == sum(
            len(ids or ()) for entry in raw
            for version, ids in (entry["pkg"]["secfixes"] or {}).items() if version != "0"
        )  # fmt: skip
        lines += len(found)
    assert lines > 26_000


@pytest.mark.parametrize("where", [WOLFI, documents("Chainguard")[0]])
def test_the_relatives_files_are_of_the_same_shape(feed_mirror: Path, where: str) -> None:
    with open(feed_mirror / where.removeprefix("https://"), "rb") as file:
        found = list(parse(file, where))
    assert [(f.advisory.id, f.affected.ranges[0].fixed) for f in found if isinstance(f, About)] == [
        ("CVE-2022-38126", "2.39-r1"), ("CVE-2022-38533", "2.39-r2"), ("CVE-2022-38128", "2.39-r3"),
    ]  # fmt: skip
