from __future__ import annotations

import gzip
import io
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import epss
from pratique.feeds.epss import documents, feed, older, parse
from pratique.model.advisory import Epss, Flaw
from pratique.model.feed import Known, Unread

HEAD = "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\n"


def read(text: str) -> list[Known | Unread]:
    return list(parse(io.BytesIO(gzip.compress(text.encode())), "scores"))


def test_scores_have_two_hosts_the_older_one_for_want_of_the_other() -> None:
    [address] = documents("EPSS")
    assert address == "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
    assert older.documents("EPSS") == ("https://epss.cyentia.com/epss_scores-current.csv.gz",)
    assert feed.rank < older.rank
    assert documents("KEV") == documents("CVE:2024") == older.documents("PyPI") == ()


def test_a_score_is_of_the_day_of_its_model() -> None:
    assert read(HEAD + "CVE-1999-0001,0.03351,0.87650\n") == [
        Known("CVE-1999-0001", Flaw(epss=Epss(3351, 87650, "2026-08-16")))
    ]


def test_files_of_2021_tell_no_date() -> None:
    [known] = read("cve,epss,percentile\r\nCVE-1999-0001,1,0\r\n")
    assert known == Known("CVE-1999-0001", Flaw(epss=Epss(100_000, 0)))


@pytest.mark.parametrize(
    "line", ["CVE-1999-0001,0.1", "CVE-1999-0001,0.1,0.2,0.3", "CVE-1999-0001,x,0.1", "",
             "GHSA-a,0.1,0.1", "CVE-1999-0001,1.1,0.1", "CVE-1999-0001,0.1,-0.1",
             "CVE-1999-0001,nan,0.1", "CVE-1999-0001,0.1,inf", "CVE-1999-0001," + "0" * 9000],
)  # fmt: skip
def test_a_line_that_is_no_score_is_named_and_the_others_are_read(line: str) -> None:
    *broken, last = read(HEAD + line + "\nCVE-2024-1,0.5,0.5\n")
    assert broken
    assert all(isinstance(record, Unread) for record in broken)
    assert isinstance(last, Known)


@pytest.mark.parametrize("text", ["", "<html>", "cve,epss\n", "#model_version:1\n"])
def test_what_is_no_list_of_scores_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="no EPSS scores"):
        read(text)


def test_a_cut_or_foreign_file_is_refused() -> None:
    whole = gzip.compress((HEAD + "CVE-2024-1,0.5,0.5\n" * 1000).encode())
    for data in (whole[:40], whole[:-6], b"PK\x03\x04", whole[:-8] + b"\0" * 8, b""):
        with pytest.raises(MalformedError, match="no EPSS scores"):
            list(parse(io.BytesIO(data), "scores"))


def test_lines_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epss, "_LINES", 5)
    with pytest.raises(LimitExceeded):
        read(HEAD + "CVE-2024-1,0.5,0.5\n" * 5)


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MalformedError):
        assert all(isinstance(record, Known | Unread) for record in read(text))


@pytest.mark.parametrize("host", ["epss.empiricalsecurity.com", "epss.cyentia.com"])
def test_all_real_scores_are_read_within_two_seconds(feed_mirror: Path, host: str) -> None:
    with open(feed_mirror / host / "epss_scores-current.csv.gz", "rb") as file:
        started = time.process_time()
        found = list(parse(file, host))
        seconds = time.process_time() - started
    assert len(found) == 360_142
    assert all(isinstance(record, Known) for record in found)
    assert seconds < 2
