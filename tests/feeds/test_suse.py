from __future__ import annotations

import bz2
import io
import json
import tarfile

import pytest

from feeds.csaf_documents import document
from feeds.reading import abouts, fixes, read, unread
from pratique.errors import MalformedError
from pratique.feeds import suse

PRODUCTS = dict.fromkeys(
    ("SUSE Linux Enterprise Server 15 SP5", "SUSE Linux Enterprise Server 15 SP5-LTSS",
     "SUSE Linux Enterprise Module for Basesystem 15 SP5", "openSUSE Leap 15.5",
     "SUSE Linux Enterprise Server 12 SP5", "SUSE Linux Enterprise Server 11 SP4-TERADATA",
     "SUSE Manager Server 4.3"), "",
)  # fmt: skip
SERVER, LTSS, MODULE, LEAP, *_ = PRODUCTS
OLD, NEW = "curl-8.0.1-150400.5.32.1", "curl-8.0.1-150400.5.41.1"
PURLS = {
    OLD: "pkg:rpm/suse/curl@8.0.1-150400.5.32.1?upstream=curl-8.0.1-150400.5.32.1.src.rpm",
    NEW: "pkg:rpm/suse/curl@8.0.1-150400.5.41.1?upstream=curl-8.0.1-150400.5.41.1.src.rpm",
    "python-requests-2.24.0-8.20.1": "pkg:rpm/suse/python-requests@2.24.0-8.20.1",
    "python-requests-2.11.1-6.40.1": "pkg:rpm/suse/python-requests@2.11.1-6.40.1",
    "libjavascriptcoregtk-4_0-18": "pkg:rpm/suse/libjavascriptcoregtk@4_0-18",
    "libcurl4-8.0.1-150400.5.32.1": "pkg:rpm/suse/libcurl4@8.0.1-150400.5.32.1?upstream=curl-8.0.1-150400.5.32.1.src.rpm",
    "curl": "pkg:rpm/suse/curl",
}


def test_of_rebuilds_of_one_version_the_lowest_is_the_fix() -> None:
    data = document(PRODUCTS, PURLS, {"recommended": [(SERVER, OLD), (LTSS, NEW), (LEAP, NEW)]})
    found = {
        (a.ecosystem, a.name, a.affected.ranges[0].fixed) for a in abouts(read(suse.feed, data))
    }
    assert found == {("SUSE:15.5", "curl", OLD[5:]), ("openSUSE:Leap 15.5", "curl", NEW[5:])}


def test_lines_of_several_versions_have_fixes_of_their_own() -> None:
    pairs = [(SERVER, "python-requests-2.24.0-8.20.1"), (SERVER, "python-requests-2.11.1-6.40.1")]
    [about] = abouts(read(suse.feed, document(PRODUCTS, PURLS, {"first_fixed": pairs})))
    assert [(r.introduced, r.fixed) for r in about.affected.ranges] == [
        ("0", "2.11.1-6.40.1"), ("2.24.0", "2.24.0-8.20.1"),
    ]  # fmt: skip


def test_what_is_not_fixed_is_told_by_its_name_alone() -> None:
    name = "libjavascriptcoregtk-4_0-18"
    data = document(PRODUCTS, PURLS, {"known_affected": [(MODULE, name)]},
                    [("no_fix_planned", "", [(MODULE, name)])], impact="moderate")  # fmt: skip
    [about] = abouts(read(suse.feed, data))
    assert (about.name, about.affected.status) == (name, "will_not_fix")
    assert about.advisory.ratings[0].severity == "MEDIUM"


def test_a_source_whose_packages_are_fixed_is_not_affected_any_more() -> None:
    data = document(PRODUCTS, PURLS, {
        "recommended": [(SERVER, "libcurl4-8.0.1-150400.5.32.1")],
        "known_affected": [(SERVER, "curl"), (LEAP, "curl")],
    })  # fmt: skip
    assert [(a.ecosystem, a.name) for a in abouts(read(suse.feed, data))] == [
        ("SUSE:15.5", "libcurl4"), ("openSUSE:Leap 15.5", "curl"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("product", "shards"),
    [("SUSE Linux Enterprise Module for Python 3 15 SP6", ("SUSE:15.6",)),
     ("SUSE Linux Enterprise Server 12 SP5-LTSS", ("SUSE:12.5",)),
     ("SUSE Linux Enterprise Server 12", ("SUSE:12",)),
     ("SUSE Linux Enterprise Module for Legacy Software 12",
      ("SUSE:12", "SUSE:12.1", "SUSE:12.2", "SUSE:12.3", "SUSE:12.4", "SUSE:12.5")),
     ("SUSE Linux Micro 6.0", ("SUSE:Micro 6.0",)),
     ("SUSE Linux Enterprise Server 16.0", ("SUSE:16.0",)),
     ("openSUSE Tumbleweed", ("openSUSE:Tumbleweed",)),
     ("openSUSE Leap 15.6", ("openSUSE:Leap 15.6",)),
     ("SUSE Linux Enterprise Server 11 SP4-TERADATA", ()),
     ("SUSE Linux Enterprise Server for Raspberry Pi 12 SP2", ()),
     ("SUSE Manager Server 4.3", ()),
     ("Image SLES15-SP6-BYOS", ())],
)  # fmt: skip
def test_a_product_is_of_the_shards_of_its_release(product: str, shards: tuple[str, ...]) -> None:
    assert suse.shards_of(product) == shards


def test_changes_come_the_newest_first() -> None:
    data = b'"cve-2024-1.json","2024-01-01T00:00:00Z"\n"cve-2024-2.json","2025-01-01T00:00:00Z"\n'
    found = list(suse.entries(io.BytesIO(data), "https://host/csaf-vex/changes.csv"))
    assert [(c.id, c.address) for c in found] == [
        ("CVE-2024-2", "https://host/csaf-vex/cve-2024-2.json"),
        ("CVE-2024-1", "https://host/csaf-vex/cve-2024-1.json"),
    ]
    with pytest.raises(MalformedError, match="line 1"):
        list(suse.entries(io.BytesIO(b"nonsense"), "https://host/csaf-vex/changes.csv"))


BULLETIN = """<?xml version="1.0" encoding="UTF-8"?>
<cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1">
 <DocumentTitle>Security update for x</DocumentTitle>
 <DocumentTracking><Identification><ID>SUSE-SU-2024:1-1</ID></Identification>
  <InitialReleaseDate>2024-01-02T03:04:05Z</InitialReleaseDate></DocumentTracking>
 <ProductTree>
  <Relationship ProductReference="x-1.0-2.1" RelatesToProductReference="openSUSE Leap 15.5">
   <FullProductName ProductID="openSUSE Leap 15.5:x-1.0-2.1">x</FullProductName></Relationship>
 </ProductTree>
 <Vulnerability><CVE>CVE-2024-1</CVE>
  <ProductStatuses><Status Type="Fixed"><ProductID>openSUSE Leap 15.5:x-1.0-2.1</ProductID>
   <ProductID>openSUSE Leap 15.5:strange</ProductID></Status></ProductStatuses>
  <Threats><Threat Type="Impact"><Description>low</Description></Threat></Threats></Vulnerability>
 <Vulnerability><CVE>CVE-2024-2</CVE>
  <Threats><Threat Type="Impact"><Description>critical</Description></Threat></Threats></Vulnerability>
</cvrfdoc>"""


def test_a_bulletin_is_about_all_its_flaws_and_as_bad_as_the_worst() -> None:
    records = read(suse.bulletins, BULLETIN.encode())
    [about] = abouts(records)
    assert (about.ecosystem, about.name) == ("openSUSE:Leap 15.5", "x")
    assert about.advisory.id == "SUSE-SU-2024:1-1"
    assert about.advisory.covers == ("CVE-2024-1", "CVE-2024-2")
    assert about.advisory.ratings[0].severity == "CRITICAL"
    assert about.advisory.published == "2024-01-02T03:04:05Z"
    assert unread(records)[0].reason == "no package of a product: openSUSE Leap 15.5:strange"


def test_an_archive_of_bulletins_names_the_one_that_is_broken() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in (("cvrf/a.xml", BULLETIN.encode()), ("cvrf/b.xml", b"<cvrfdoc/>")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    records = read(suse.bulletins, bz2.compress(buffer.getvalue()), "https://h/cvrf.tar.bz2")
    assert fixes(records) == {"x": ("1.0-2.1",)}
    assert [u.what for u in unread(records)] == ["SUSE-SU-2024:1-1", "cvrf/b.xml"]


def test_the_documents_of_a_folder_are_those_of_its_kind() -> None:
    listed = io.BytesIO(b"cve-2024-1.json\ncve-2024-1.json.asc\nindex.txt\n")
    root = "https://ftp.suse.com/pub/projects/security/"
    assert suse.folder.documents("SUSE:15.5") == (f"{root}csaf-vex/",)
    assert suse.folder.links(listed, f"{root}csaf-vex/") == (f"{root}csaf-vex/cve-2024-1.json",)
    listed = io.BytesIO(b"cvrf-suse-su-2019-1608-1.xml\ncvrf-suse-ru-2019-1-1.xml\n")
    assert suse.bulletins_folder.links(listed, f"{root}cvrf/") == (
        f"{root}cvrf/cvrf-suse-su-2019-1608-1.xml",
    )
    assert suse.feed.documents("openSUSE:Leap 15.6") == (f"{root}csaf-vex.tar.bz2",)
    assert suse.feed.documents("SUSE:Enterprise Storage 7.1") == ()
    assert suse.feed.rank < suse.folder.rank < suse.bulletins.rank < suse.bulletins_folder.rank


def test_a_word_that_names_no_product_is_about_all() -> None:
    data = document(PRODUCTS, PURLS, {"recommended": [(SERVER, OLD)]}, impact="low")
    value = json.loads(data)
    value["vulnerabilities"][0]["threats"] = [{"category": "impact", "details": "critical"}]
    [about] = abouts(read(suse.feed, json.dumps(value).encode()))
    assert about.advisory.ratings[0].severity == "CRITICAL"
    value["vulnerabilities"][0]["threats"] = []
    [about] = abouts(read(suse.feed, json.dumps(value).encode()))
    assert about.advisory.ratings[0].severity == "LOW"
