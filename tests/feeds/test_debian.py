from __future__ import annotations

import io
import json
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import debian
from pratique.feeds import osv as osv_feed
from pratique.feeds.debian import documents, feed, parse
from pratique.model.advisory import Affected, Range, Rating
from pratique.model.feed import About, Unread

ADDRESS = "https://security-tracker.debian.org/tracker/data/json"
UNFIXED = (Range(),)


def read(document: Any) -> list[About | Unread]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(parse(io.BytesIO(data), ADDRESS))


def issue(id: str = "CVE-2024-1", /, **releases: dict[str, Any]) -> dict[str, Any]:
    """Return the tracker's data of one issue of openssl."""
    return {"openssl": {id: {"description": "a flaw", "scope": "remote", "releases": releases}}}


def affected(**releases: dict[str, Any]) -> dict[str, Affected]:
    found = read(issue(**releases))
    assert all(isinstance(f, About) for f in found)
    return {f.ecosystem: f.affected for f in found if isinstance(f, About)}


def test_the_tracker_speaks_for_every_release_and_before_osv() -> None:
    assert documents("Debian:12") == documents("Debian:*") == (ADDRESS,)
    assert documents("Ubuntu:22.04:LTS") == documents("PyPI") == ()
    assert feed.rank < osv_feed.feed.rank
    assert feed.offers == ("Debian:*",)


def test_releases_have_their_numbers() -> None:
    assert affected(
        bullseye={"status": "resolved", "fixed_version": "1.1.1w-0+deb11u1"},
        bookworm={"status": "open", "urgency": "medium"},
        trixie={"status": "resolved", "fixed_version": "0"},
    ) == {
        "Debian:11": Affected((Range("0", "1.1.1w-0+deb11u1"),)),
        "Debian:12": Affected(UNFIXED),
    }


@pytest.mark.parametrize(
    ("written", "status"),
    [({"status": "open"}, "affected"),
     ({"status": "open", "nodsa": "Minor issue", "nodsa_reason": ""}, "affected"),
     ({"status": "open", "nodsa": "Minor issue", "nodsa_reason": "postponed"}, "fix_deferred"),
     ({"status": "open", "nodsa": "Too intrusive", "nodsa_reason": "ignored"}, "will_not_fix"),
     ({"status": "open", "urgency": "end-of-life"}, "end_of_life"),
     ({"status": "undetermined"}, "under_investigation")],
)  # fmt: skip
def test_why_there_is_no_fix_is_told(written: dict[str, Any], status: str) -> None:
    assert affected(bookworm=written)["Debian:12"] == Affected(UNFIXED, status=status)  # type: ignore[arg-type]  # one of them


@pytest.mark.parametrize(
    ("urgency", "severity"),
    [("not yet assigned", ""), ("unimportant", "LOW"), ("low", "LOW"), ("low**", "LOW"),
     ("medium", "MEDIUM"), ("high", "HIGH"), ("end-of-life", "")],
)  # fmt: skip
def test_urgency_is_a_severity(urgency: str, severity: str) -> None:
    [found] = read(issue(bookworm={"status": "open", "urgency": urgency}))
    assert isinstance(found, About)
    assert found.advisory.ratings == ((Rating("debian", severity),) if severity else ())
    assert found.affected.remark == ("unimportant" if urgency == "unimportant" else "")


def test_an_advisory_is_named_as_osv_names_it() -> None:
    [found] = read(issue(bookworm={"status": "open"}))
    assert isinstance(found, About)
    assert (found.advisory.id, found.advisory.aliases) == ("DEBIAN-CVE-2024-1", ("CVE-2024-1",))
    assert found.prose.description == "a flaw"
    assert found.prose.references == ("https://security-tracker.debian.org/tracker/CVE-2024-1",)


def test_a_temporary_id_is_its_own() -> None:
    [found] = read(issue("TEMP-0841856-B18BAF", bookworm={"status": "open"}))
    assert isinstance(found, About)
    assert (found.advisory.id, found.advisory.aliases) == ("TEMP-0841856-B18BAF", ())


OPEN = {"status": "open"}
FIXED = {"status": "resolved", "fixed_version": "3.5.4-1"}
NEVER = {"status": "resolved", "fixed_version": "0"}


@pytest.mark.parametrize(
    ("releases", "ranges"),
    [({"forky": OPEN, "sid": OPEN}, UNFIXED),
     ({"forky": OPEN, "sid": FIXED}, (Range("0", "3.5.4-1"),)),
     ({"forky": FIXED, "sid": FIXED}, (Range("0", "3.5.4-1"),)),
     ({"sid": OPEN}, UNFIXED),
     ({"forky": OPEN, "sid": NEVER}, UNFIXED),
     ({"forky": NEVER, "sid": NEVER}, ())],
)  # fmt: skip
def test_a_fix_in_unstable_is_one_for_testing(
    releases: dict[str, dict[str, Any]], ranges: tuple[Range, ...]
) -> None:
    found = affected(**releases)
    assert found == ({"Debian:14": Affected(ranges)} if ranges else {})


def test_an_issue_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    document = issue(bookworm=OPEN)
    document["curl"] = {
        "CVE-1": {"releases": {"bookworm": {"status": "maybe"}}}, "CVE-2": 7, "CVE-3": {},
        "CVE-4": {"releases": {"bookworm": OPEN}},
    }  # fmt: skip
    found = read(document)
    assert [f.what for f in found if isinstance(f, Unread)] == ["curl CVE-1", "curl CVE-2",
                                                                "curl CVE-3"]  # fmt: skip
    assert [f.name for f in found if isinstance(f, About)] == ["openssl", "curl"]


def test_a_release_that_nobody_knows_is_named() -> None:
    found = read(issue(bookworm=OPEN, slink=OPEN))
    assert [type(f) for f in found] == [About, Unread]
    assert isinstance(found[1], Unread)
    assert found[1].what == "slink"


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b'{"openssl": 1}', b"[" * 100_000, b"\xff"])
def test_what_is_not_the_tracker_s_is_refused(document: bytes) -> None:
    with pytest.raises(MalformedError, match="not the data of Debian's tracker"):
        read(document)


def test_a_document_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_LIMIT", 100)
    with pytest.raises(LimitExceeded):
        read(issue(bookworm=OPEN, trixie=OPEN))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["releases", "bookworm", "sid", "status", "open", "x"]),
                      inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    with suppress(MalformedError):
        assert all(isinstance(record, About | Unread) for record in read(value))


def test_the_real_data_agrees_with_osv_s_records_of_it(feed_mirror: Path) -> None:
    """Both files of the corpus were made of the same changelogs."""
    with open(feed_mirror / "security-tracker.debian.org/tracker/data/json", "rb") as file:
        found = list(parse(file, ADDRESS))
    assert len(found) == 2672
    mine = {(a.ecosystem, a.name, a.advisory.aliases, a.affected) for a in found
            if isinstance(a, About)}  # fmt: skip
    path = feed_mirror / "osv-vulnerabilities.storage.googleapis.com/Debian/all.zip"
    with open(path, "rb") as file:
        others = {(a.ecosystem, a.name, a.advisory.aliases, a.affected)
                  for a in osv_feed.parse(file, str(path)) if isinstance(a, About)}  # fmt: skip
    assert others
    assert others == mine


def test_a_document_of_the_real_size_needs_little_more_than_itself() -> None:
    release = {"status": "open", "repositories": {"bookworm": "1.0-1"}, "urgency": "medium",
               "nodsa": "Minor issue", "nodsa_reason": ""}  # fmt: skip
    names = ("bullseye", "bookworm", "trixie", "forky", "sid")
    entry = {"description": "d" * 900, "releases": dict.fromkeys(names, release)}
    document = {f"package-{n}": {f"CVE-2024-{n}-{m}": entry for m in range(10)}
                for n in range(800)}  # fmt: skip
    data = json.dumps(document).encode()
    file = io.BytesIO(data)
    tracemalloc.start()
    started = time.process_time()
    count = sum(1 for _ in parse(file, ADDRESS))
    seconds = time.process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 800 * 10 * 4
    assert peak < 1.5 * len(data)
    assert seconds < 10
