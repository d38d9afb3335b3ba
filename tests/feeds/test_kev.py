from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import kev
from pratique.feeds.kev import documents, feed, parse
from pratique.model.advisory import Exploited, Flaw
from pratique.model.feed import Known, Unread

ENTRY = {"cveID": "CVE-2024-1", "dateAdded": "2024-08-21", "dueDate": "2024-08-24",
         "knownRansomwareCampaignUse": "Known", "cwes": ["CWE-78"], "product": "x"}  # fmt: skip


def read(document: Any) -> list[Known | Unread]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(parse(io.BytesIO(data), "kev"))


def test_the_catalogue_is_a_shard_of_its_own() -> None:
    assert feed.offers == ("KEV",)
    assert documents("KEV")[0].startswith("https://www.cisa.gov/")
    assert documents("EPSS") == documents("CVE:2024") == ()


def test_an_entry_tells_since_when_until_when_and_of_ransomware() -> None:
    found = read({"vulnerabilities": [ENTRY, ENTRY | {"knownRansomwareCampaignUse": "Unknown"}]})
    assert found == [
        Known("CVE-2024-1", Flaw((), ("CWE-78",), Exploited("2024-08-21", "2024-08-24", known)))
        for known in (True, False)
    ]


def test_an_entry_that_cannot_be_read_is_named() -> None:
    found = read({"vulnerabilities": [{"cveID": 7}, ENTRY]})
    assert [type(record) for record in found] == [Unread, Known]


@pytest.mark.parametrize("document", [b"", b"<html>", {}, {"vulnerabilities": 1},
                                      {"count": 2, "vulnerabilities": [ENTRY]}])  # fmt: skip
def test_what_is_no_whole_catalogue_is_refused(document: Any) -> None:
    with pytest.raises(MalformedError):
        read(document)


def test_a_document_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kev, "_LIMIT", 20)
    with pytest.raises(LimitExceeded):
        read({"vulnerabilities": [ENTRY]})


def test_the_real_catalogue_is_read_in_full(feed_mirror: Path) -> None:
    with open(feed_mirror / documents("KEV")[0].removeprefix("https://"), "rb") as file:
        found = list(parse(file, "kev"))
    used = Counter(
        record.flaw.exploited.ransomware for record in found
        if isinstance(record, Known) and record.flaw.exploited
    )  # fmt: skip
    assert used == {False: 1299, True: 350}
