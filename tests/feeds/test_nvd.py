from __future__ import annotations

import gzip
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import nvd
from pratique.feeds.nvd import documents, feed, parse
from pratique.model.advisory import Flaw, Rating
from pratique.model.feed import Known, Unread

HOST = "https://nvd.nist.gov/feeds/json/cve/2.0"
V2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"


def cve(status: str = "Analyzed", /, **metrics: list[tuple[str, str]]) -> dict[str, Any]:
    """Return one item: CVSS version to types and vectors."""
    written = {
        f"cvssMetric{version.upper()}": [{"type": type_, "cvssData": {"vectorString": vector}}
                                         for type_, vector in entries]
        for version, entries in metrics.items()
    }  # fmt: skip
    return {"cve": {"id": "CVE-2024-1", "vulnStatus": status, "metrics": written}}


def read(*items: Any) -> list[Known | Unread]:
    data = gzip.compress(json.dumps({"vulnerabilities": items}).encode())
    return list(parse(io.BytesIO(data), "nvd"))


def ratings(**metrics: list[tuple[str, str]]) -> list[tuple[str, str]]:
    [known] = read(cve(**metrics))
    assert isinstance(known, Known)
    assert {rating.source for rating in known.flaw.ratings} == {"nvd"}
    return [(rating.vector, rating.severity) for rating in known.flaw.ratings]


def test_a_year_is_its_file_and_what_changed_since() -> None:
    assert documents("CVE:2024") == (
        f"{HOST}/nvdcve-2.0-2024.json.gz", f"{HOST}/nvdcve-2.0-modified.json.gz",
    )  # fmt: skip
    assert documents("CVE:1999") == documents("CVE:2002")
    assert (
        documents("CVE:x") == documents("CVE") == documents("KEV") == documents("Debian:12") == ()
    )


def test_every_year_since_the_first_is_offered() -> None:
    assert feed.offers[0] == "CVE:1999"
    assert feed.offers[-1] == f"CVE:{time.gmtime().tm_year}"
    assert len(feed.offers) == time.gmtime().tm_year - 1998


def test_nvd_s_own_rating_comes_before_a_newer_one_of_somebody_else() -> None:
    assert ratings(v31=[("Primary", V3)], v40=[("Secondary", V4)]) == [
        (V3, "CRITICAL"), (V4, "MEDIUM"),
    ]  # fmt: skip
    assert ratings(v31=[("Primary", V3)], v40=[("Primary", V4)])[0] == (V4, "MEDIUM")
    assert ratings(v31=[("Secondary", V3)], v40=[("Secondary", V4)])[0] == (V4, "MEDIUM")


def test_the_oldest_version_comes_last_and_has_nothing_critical() -> None:
    assert ratings(v2=[("Primary", V2)], v31=[("Secondary", V3)]) == [
        (V3, "CRITICAL"), (V2, "HIGH"),
    ]  # fmt: skip


def test_a_vector_that_is_none_is_no_rating() -> None:
    assert read(cve(v31=[("Primary", "CVSS:3.1/AV:X")])) == []


def test_a_weakness_alone_is_worth_a_record() -> None:
    item = cve()
    item["cve"]["weaknesses"] = [
        {"description": [{"value": "CWE-79"}, {"value": "NVD-CWE-noinfo"}]},
        {"description": [{"value": "CWE-79"}]},
    ]
    assert read(item) == [Known("CVE-2024-1", Flaw(cwes=("CWE-79",)))]


def test_what_is_rejected_has_no_rating() -> None:
    assert read(cve("Rejected", v31=[("Primary", V3)])) == []


def test_an_item_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    found = read({"cve": {}}, 7, cve(v31=[("Primary", V3)]))
    assert [type(record) for record in found] == [Unread, Unread, Known]
    assert isinstance(found[0], Unread)
    assert found[0].what == "vulnerability 1"


def test_what_is_no_feed_is_refused() -> None:
    whole = gzip.compress(json.dumps({"vulnerabilities": [cve()]}).encode())
    for data in (b"", b"<html>", whole[:30], whole[:-8] + b"\0" * 8, gzip.compress(b"{}")):
        with pytest.raises(MalformedError, match="no NVD feed"):
            list(parse(io.BytesIO(data), "nvd"))


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvd, "_DOCUMENT_LIMIT", 100)
    with pytest.raises(LimitExceeded):
        read(cve(v31=[("Primary", V3)]))


def test_the_real_files_are_read_in_full(feed_mirror: Path) -> None:
    rated, rejected = 0, 0
    for path in sorted((feed_mirror / HOST.removeprefix("https://")).glob("*.json.gz")):
        with open(path, "rb") as file:
            found = list(parse(file, str(path)))
        assert not [record for record in found if isinstance(record, Unread)]
        with gzip.open(path) as unpacked:
            raw = [item["cve"] for item in json.load(unpacked)["vulnerabilities"]]
        known = {record.id for record in found if isinstance(record, Known)}
        for item in raw:
            scored = any(item.get("metrics", {}).values()) and item["vulnStatus"] != "Rejected"
            assert not scored or item["id"] in known
            rejected += item["vulnStatus"] == "Rejected"
            assert item["vulnStatus"] != "Rejected" or item["id"] not in known
        rated += len(known)
    assert rated > 13_000
    assert rejected > 200


def test_a_rating_is_the_vector_s_score() -> None:
    [known] = read(cve(v31=[("Primary", V3)]))
    assert known == Known("CVE-2024-1", Flaw((Rating("nvd", "CRITICAL", V3, 9.8),)))
