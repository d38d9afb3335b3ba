"""Documents of RPM distributions that were damaged or made up: an error, never a traceback."""

from __future__ import annotations

import bz2
import io
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.csaf_documents import document
from feeds.test_alma import errata, package
from feeds.test_oval import all_of, any_of, azure_oval, earlier, listed, oracle_oval
from feeds.test_redhat import RHEL
from feeds.test_repositories import CVE, OWN, REPOMD, updates
from feeds.test_repositories import package as rpm
from feeds.test_suse import BULLETIN, PRODUCTS, PURLS, SERVER
from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import alma, amazon, azure, oracle, photon, redhat, suse
from pratique.model.feed import About, Feed, Unread

VEX = document(
    RHEL, {"vim-2:8.2-1.el9.x86_64": "pkg:rpm/redhat/vim@8.2-1.el9?arch=x86_64&epoch=2",
           "nodejs:18/nodejs": ""},
    {"fixed": [("AppStream-9.3", "vim-2:8.2-1.el9.x86_64")],
     "known_affected": [("rhel9", "nodejs:18/nodejs")]},
    [("no_fix_planned", "Will not fix", [("rhel9", "nodejs:18/nodejs")])],
)  # fmt: skip
SAMPLES: dict[str, tuple[Feed, bytes, str]] = {
    "redhat": (redhat.feed, VEX, "https://h/cve-2024-1.json"),
    "suse": (suse.feed, document(PRODUCTS, PURLS, {
        "recommended": [(SERVER, name) for name in PURLS]}), "https://h/cve-2024-1.json"),
    "cvrf": (suse.bulletins, BULLETIN.encode(), "https://h/cvrf-suse-su-2024-1.xml"),
    "azure": (azure.feed, azure_oval(("less than", "0:1-1.azl3")), "https://h/azurelinux-3.0-oval.xml"),
    "oracle": (oracle.feed, bz2.compress(oracle_oval(
        all_of("Oracle Linux 9 is installed", any_of(earlier("vim", "0:9.0-1.el9"))))), "https://h/x"),
    "photon": (photon.feed, listed(res_ver="8.1-1.ph5"), "https://h/cve_data_photon5.0.json"),
    "photon-oval": (photon.bulletins, oracle_oval(
        all_of("Photon OS 3 is installed", earlier("vim", "0:9.0-1.ph3"))), "https://h/photon3.xml"),
    "alma": (alma.feed, errata(package("x", "x86_64", "1")), "https://errata.almalinux.org/8/x"),
    "updateinfo": (OWN, updates(rpm("vim", "8.2-3.el9"), more=CVE), "https://h/updateinfo.xml"),
    "amazon": (amazon.feed, updates(rpm("vim", "5.10.2-3.el9"), more=CVE),
               "https://cdn.amazonlinux.com/2/extras/kernel-5.10/1.0/x86_64/u.xml"),
}  # fmt: skip
each_feed = pytest.mark.parametrize("name", SAMPLES)
EXPECTED = (MalformedError, LimitExceeded)


def check(feed: Feed, data: bytes, address: str) -> None:
    with suppress(*EXPECTED):
        for record in feed.parse(io.BytesIO(data), address):
            assert isinstance(record, About | Unread)
            if isinstance(record, About):
                assert record.name
                assert record.affected.ranges


@each_feed
def test_a_sample_is_read(name: str) -> None:
    feed, data, address = SAMPLES[name]
    records = list(feed.parse(io.BytesIO(data), address))
    assert any(isinstance(record, About) for record in records)


@each_feed
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_documents_are_errors_at_most(name: str, data: st.DataObject) -> None:
    feed, sample, address = SAMPLES[name]
    at = data.draw(st.integers(0, len(sample)))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.binary(max_size=8) | st.sampled_from(
        [b'"', b"<", b">", b"null", b"[]", b"{}", b"1e400", b"&#0;", b"\xff\xfe", b"]]>", b":", b"-"]
    ))  # fmt: skip
    check(feed, sample[:at] + put + sample[at + length :], address)


JSON = ["redhat", "suse", "photon", "alma"]
WRONG: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 7, -1e300, "", "x", "CVE-1", [], [[]], {}, {"a": {}}, [None]]
)


@pytest.mark.parametrize("name", JSON)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), wrong=WRONG)
def test_values_of_the_wrong_kind_are_errors_at_most(
    name: str, data: st.DataObject, wrong: object
) -> None:
    feed, sample, address = SAMPLES[name]
    value = json.loads(sample)
    node = value
    while True:
        keys = sorted(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = wrong
    check(feed, json.dumps(value).encode(), address)


@each_feed
def test_every_truncation_is_an_error(name: str) -> None:
    feed, sample, address = SAMPLES[name]
    for end in range(0, len(sample) - 2, max(1, len(sample) // 60)):
        with pytest.raises(EXPECTED):
            list(feed.parse(io.BytesIO(sample[:end]), address))


@pytest.mark.parametrize("name", ["cvrf", "azure", "photon-oval", "updateinfo"])
def test_xml_that_is_a_trap_is_refused(name: str) -> None:
    feed, sample, address = SAMPLES[name]
    root = {"cvrf": b"cvrfdoc", "updateinfo": b"updates"}.get(name, b"oval_definitions")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(MalformedError, match="document type"):
        list(feed.parse(io.BytesIO(bomb + sample.partition(b"?>")[2] or bomb + sample), address))
    deep = b"<" + root + b">" + b"<a>" * 200 + b"</a>" * 200 + b"</" + root + b">"
    with pytest.raises(MalformedError, match="too deeply"):
        list(feed.parse(io.BytesIO(deep), address))


@pytest.mark.parametrize("name", JSON)
def test_json_that_is_nested_deeply_is_an_error(name: str) -> None:
    feed, _, address = SAMPLES[name]
    with pytest.raises(MalformedError):
        list(feed.parse(io.BytesIO(b"[" * 100_000), address))
    branch = b'{"product_tree":{"branches":[' + b'{"branches":[' * 50_000
    with pytest.raises(MalformedError):
        list(feed.parse(io.BytesIO(branch), address))


INDEXES: list[tuple[Callable[[bytes], object], bytes]] = [
    (lambda data: OWN.links(io.BytesIO(data), "https://h/repodata/repomd.xml"), REPOMD),
    (lambda data: OWN.links(io.BytesIO(data), "https://h/mirror.list"), b"https://a/b\n"),
    (lambda data: redhat.links(io.BytesIO(data), "https://h/archive_latest.txt"), b"x.tar.zst\n"),
    (lambda data: list(redhat.entries(io.BytesIO(data), "https://h/changes.csv")),
     b'"2024/cve-2024-1.json","2024-01-01"\n'),
    (lambda data: list(suse.entries(io.BytesIO(data), "https://h/changes.csv")),
     b'"cve-2024-1.json","2024-01-01"\n'),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(INDEXES)))
@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 400), length=st.integers(0, 40), put=st.binary(max_size=8))
def test_damaged_indexes_are_errors_at_most(number: int, at: int, length: int, put: bytes) -> None:
    read, sample = INDEXES[number]
    with suppress(*EXPECTED):
        read(sample[:at] + put + sample[at + length :])
