from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import CORPUS
from images import advisory
from pratique.errors import LimitExceeded, MalformedError
from pratique.feeds import osv
from pratique.feeds.osv import documents, entries, feed, parse, version_key
from pratique.model.advisory import Affected
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Changed, Unread
from pratique.plugins import load

HOST = "https://osv-vulnerabilities.storage.googleapis.com"
# what OSV's schema names and a scan of packages has no use for, or OSV has no records of
NOT_ASKED_FOR = {
    "Android": "source repositories", "FreeBSD": "no Linux package", "GHC": "a compiler's parts",
    "Kubernetes": "Go modules, which Go's records name", "Linux": "the kernel's source",
    "OSS-Fuzz": "fuzzed projects", "Photon OS": "not published",
}  # fmt: skip


def archive(*records: dict[str, Any] | bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for number, record in enumerate(records):
            data = record if isinstance(record, bytes) else json.dumps(record).encode()
            written.writestr(f"{number}.json", data)
    file.seek(0)
    return file


def read(*records: dict[str, Any] | bytes) -> list[About | Unread]:
    return list(parse(archive(*records), f"{HOST}/npm/all.zip"))


def about(record: dict[str, Any]) -> About:
    [found] = read(record)
    assert isinstance(found, About)
    return found


def malicious(**affected: Any) -> dict[str, Any]:
    package = {"ecosystem": "npm", "name": "left-pab"}
    return {
        "id": "MAL-2025-1", "modified": "2025-03-16T12:00:00Z", "summary": "Malicious code",
        "affected": [{"package": package} | affected],
    }  # fmt: skip


def test_a_shard_is_served_by_the_zip_of_its_ecosystem() -> None:
    assert documents("PyPI") == (f"{HOST}/PyPI/all.zip",)
    assert documents("Debian:12") == documents("Debian:*") == (f"{HOST}/Debian/all.zip",)
    assert documents("Rocky Linux:9") == (f"{HOST}/Rocky%20Linux/all.zip",)


@pytest.mark.parametrize(
    "shard", ["CVE:2024", "KEV", "EPSS", "Fedora:43", "Amazon Linux:2", "Oracle Linux:9",
              "Photon OS:5.0", ""],
)  # fmt: skip
def test_what_osv_does_not_publish_is_not_asked_for(shard: str) -> None:
    assert documents(shard) == ()
    assert feed.changes
    assert feed.changes.document(shard) == ""


def test_every_ecosystem_of_the_schema_is_offered_or_left_out_for_a_reason() -> None:
    path = CORPUS / "specs" / "osv-ecosystems.json"
    if not path.exists():
        pytest.skip(f"no specifications here: {path} is missing (set PRATIQUE_CORPUS)")
    offered = {shard.partition(":")[0] for shard in feed.offers}
    assert offered | set(NOT_ASKED_FOR) == set(json.loads(path.read_text()))
    assert offered.isdisjoint(NOT_ASKED_FOR)


def test_what_is_offered_is_served() -> None:
    assert all(documents(shard) for shard in feed.offers)
    assert len(set(feed.offers)) == len(feed.offers)


def test_ecosystems_with_releases_are_offered_with_all_of_them() -> None:
    released = {e.name for e in load("pratique.ecosystems", Ecosystem) if e.release}
    for shard in feed.offers:
        family, star, _ = shard.partition(":*")
        if family in {e.name for e in load("pratique.ecosystems", Ecosystem)}:
            assert bool(star) == (family in released), shard


def test_one_broken_record_is_named_and_the_others_are_read() -> None:
    good = advisory("GHSA-a", "npm", "x", "1.0.0")
    found = read(good, b"{broken", b'{"id": 7}', b"\xff\xfe", b"[" * 100_000)
    assert [type(f) for f in found] == [About, Unread, Unread, Unread, Unread]
    assert isinstance(found[1], Unread)
    assert found[1].what == "1.json"
    assert "no OSV record" in found[1].reason


def test_a_record_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osv, "_RECORD_LIMIT", 200)
    [found] = read(advisory("GHSA-a", "npm", "x" * 300, "1.0.0"))
    assert found == Unread("0.json", "501 bytes are too many")


def test_a_broken_zip_is_refused() -> None:
    whole = archive(advisory("GHSA-a", "npm", "x", "1.0.0")).getvalue()
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    for data in (b"", b"<html>", whole[:-30], whole[:40], bytes(flipped)):
        with pytest.raises(MalformedError, match="no zip of OSV records"):
            list(parse(io.BytesIO(data), "there"))


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(archive(advisory("GHSA-a", "npm", "x", "1.0.0")).getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(MalformedError, match="encrypted"):
        list(parse(io.BytesIO(bytes(data)), "there"))


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osv, "_TOTAL_LIMIT", 10)
    with pytest.raises(LimitExceeded):
        read(advisory("GHSA-a", "npm", "x", "1.0.0"))


def test_one_record_is_read_alone() -> None:
    data = json.dumps(advisory("GHSA-a", "npm", "x", "1.0.0")).encode()
    [found] = parse(io.BytesIO(data), f"{HOST}/npm/GHSA-a.json")
    assert isinstance(found, About)
    assert found.name == "x"
    with pytest.raises(MalformedError):
        list(parse(io.BytesIO(data[:20]), f"{HOST}/npm/GHSA-a.json"))


def test_the_list_of_changes_names_each_record_s_own_document() -> None:
    assert feed.changes
    address = feed.changes.document("AlmaLinux:9")
    assert address == f"{HOST}/AlmaLinux/modified_id.csv"
    text = b"2024-08-15T00:05:00.123456Z,ALSA-2024:1\n2021-01-01T00:00:00Z,PYSEC-2021-1\r\n"
    assert list(feed.changes.entries(io.BytesIO(text), address)) == [
        Changed(
            "2024-08-15T00:05:00.123456Z", "ALSA-2024:1", f"{HOST}/AlmaLinux/ALSA-2024%3A1.json"
        ),
        Changed("2021-01-01T00:00:00Z", "PYSEC-2021-1", f"{HOST}/AlmaLinux/PYSEC-2021-1.json"),
    ]


@pytest.mark.parametrize("text", [b"<html>", b"2024-08-15T00:05:00Z\n", b"2024-08-15T00:05:00Z,\n",
                                  b"GHSA-a,2024-08-15T00:05:00Z\n", b"\n", b"2024" * 3000])  # fmt: skip
def test_a_list_of_changes_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError, match="line 1 "):
        list(entries(io.BytesIO(text), "there"))


@given(st.binary(max_size=200))
def test_any_bytes_are_changes_or_malformed(data: bytes) -> None:
    with suppress(MalformedError):
        assert all(change.id for change in entries(io.BytesIO(data), "there"))


@pytest.mark.parametrize(
    "more", [{"withdrawn": "2025-01-01T00:00:00Z"}, {"details": "** REJECT ** DO NOT USE"},
             {"details": "Rejected reason: a duplicate"}],
)  # fmt: skip
def test_a_withdrawn_or_rejected_record_says_nothing(more: dict[str, str]) -> None:
    assert read(advisory("GHSA-a", "npm", "x", "1.0.0", **more)) == []


def test_a_malicious_package_is_critical_whatever_the_record_says() -> None:
    word = {"severity": "LOW"}
    found = about(malicious(versions=["1.0.0"]) | {"database_specific": word})
    [rating] = found.advisory.ratings
    assert (rating.source, rating.severity) == ("openssf", "CRITICAL")
    assert found.advisory.cwes == ("CWE-506",)
    assert found.affected.remark == "malicious"


def test_versions_of_a_malicious_package_are_often_named_one_by_one() -> None:
    assert about(malicious(versions=["1.0.0", "1.0.1"])).affected == Affected(
        versions=("1.0.0", "1.0.1"), remark="malicious"
    )


@pytest.mark.parametrize("id", ["DEBIAN-CVE-2024-1", "UBUNTU-CVE-2024-1", "ALPINE-CVE-2024-1",
                                "BELL-CVE-2024-1"])  # fmt: skip
@pytest.mark.parametrize("names", [{}, {"upstream": ["CVE-2024-1"]}, {"aliases": ["CVE-2024-1"]}])
def test_a_distribution_s_record_of_a_cve_is_known_by_it(
    id: str, names: dict[str, list[str]]
) -> None:
    found = about(advisory(id, "npm", "x", "1.0.0", **names)).advisory
    assert found == replace(found, id=id, aliases=("CVE-2024-1",), covers=())


def test_upstream_and_aliases_are_other_ids_and_what_is_only_related_is_not() -> None:
    record = advisory("CGA-a", "npm", "x", "1.0.0", aliases=["GHSA-a"], upstream=["CVE-2024-1"],
                      related=["CVE-2024-2"])  # fmt: skip
    assert about(record).advisory.aliases == ("CVE-2024-1", "GHSA-a")


def test_a_bulletin_covers_the_flaws_that_it_names_in_any_way() -> None:
    record = advisory("USN-1", "npm", "x", "1.0.0", upstream=["UBUNTU-CVE-2024-1"],
                      related=["CVE-2024-2"])  # fmt: skip
    found = about(record).advisory
    assert (found.aliases, found.covers) == ((), ("CVE-2024-1", "CVE-2024-2"))


def test_a_record_downstream_of_several_flaws_is_a_bulletin_too() -> None:
    record = advisory("JLSEC-1", "npm", "x", "1.0.0", upstream=["CVE-2024-1", "CVE-2024-2"])
    found = about(record).advisory
    assert (found.aliases, found.covers) == ((), ("CVE-2024-1", "CVE-2024-2"))


@pytest.mark.parametrize(
    ("ecosystem", "channel"),
    [("Ubuntu:22.04:LTS", ""), ("Ubuntu:23.10", ""), ("Ubuntu:Pro:18.04:LTS", "Pro"),
     ("Ubuntu:Pro:FIPS:22.04:LTS", "Pro:FIPS"), ("Ubuntu:Pro:FIPS-updates:20.04:LTS",
      "Pro:FIPS-updates"), ("Debian:12", ""), ("npm", "")],
)  # fmt: skip
def test_ubuntu_s_subscriptions_are_told_apart(ecosystem: str, channel: str) -> None:
    found = about(advisory("UBUNTU-CVE-2024-1", ecosystem, "x", "1.0-1"))
    assert found.affected.channel == channel


def test_what_debian_thinks_unimportant_is_low_and_says_so() -> None:
    record = advisory("DEBIAN-CVE-2024-1", "Debian:12", "x")
    record["affected"][0]["ecosystem_specific"] = {"urgency": "unimportant"}
    found = about(record)
    assert [(r.source, r.severity) for r in found.advisory.ratings] == [("debian", "LOW")]
    assert found.affected.remark == "unimportant"


def zips(mirror: Path) -> list[Path]:
    return sorted((mirror / "osv-vulnerabilities.storage.googleapis.com").glob("*/all.zip"))


def silent(record: dict[str, Any]) -> str:
    """Tell why a record need not say anything; empty where it must."""
    if record.get("withdrawn"):
        return "withdrawn"
    if record.get("details", "").startswith(("** REJECT **", "Rejected reason:")):
        return "rejected"
    named = [a for a in record.get("affected") or () if (a.get("package") or {}).get("name")]
    if not named:
        return "names no package"
    ranged = any(r["type"] != "GIT" and any("introduced" in e for e in r["events"])
                 for a in named for r in a.get("ranges") or ())  # fmt: skip
    if not ranged and not any(a.get("versions") for a in named):
        return "names no version"
    return ""


def test_every_record_of_the_corpus_is_read_or_has_a_reason_not_to_be(feed_mirror: Path) -> None:
    read, reasons, broken = 0, Counter[str](), dict[str, set[str]]()
    for path in zips(feed_mirror):
        with zipfile.ZipFile(path) as opened:
            raw = [json.loads(opened.read(name)) for name in opened.namelist()]
        with open(path, "rb") as file:
            found = list(parse(file, str(path)))
        said = set()
        for record in found:
            assert isinstance(record, About), record
            said.add(record.advisory.id)
            assert record.advisory.id not in record.advisory.aliases
            assert not (record.advisory.aliases and record.advisory.covers)
            if strange := no_versions(record):
                broken.setdefault(record.ecosystem.partition(":")[0], set()).update(strange)
        for record in raw:
            reason = silent(record)
            reasons[reason] += bool(reason)
            assert (record["id"] in said) != bool(reason), (record["id"], reason)
        read += len(said)
    assert read > 29_000
    assert +reasons == {"withdrawn": 287, "rejected": 5, "names no version": 13}
    assert broken == NO_VERSIONS


# bounds that are no versions: what such a stretch holds is unknown, and it is left out of a match
NO_VERSIONS = {
    "Bitnami": {"nightly.2026-03-10.0"},
    "npm": {"1.3.0-*", "1.4.0-*", "~"},  # converted from requirements of an older database
}


def no_versions(about: About) -> set[str]:
    key = version_key(about.ecosystem)
    assert key, about.ecosystem
    return {
        bound
        for stretch in about.affected.ranges
        for bound in (stretch.introduced, stretch.fixed, stretch.last)
        if bound not in ("", "0") and not orders(key, bound)
    }


def orders(key: Callable[[str], Any], version: str) -> bool:
    try:
        key(version)
    except ValueError:
        return False
    return True
