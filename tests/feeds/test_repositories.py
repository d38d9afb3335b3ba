"""Feeds that read updateinfo.xml out of repositories."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from feeds.reading import abouts, fixes, is_affected, read, unread
from pratique.codecs import updateinfo
from pratique.errors import MalformedError
from pratique.feeds import amazon, fedora, rocky

OWN = updateinfo.of_repositories("own", {"Rocky Linux:9": ["https://mirror/BaseOS/os/"]})


def package(name: str, version: str, arch: str = "x86_64", epoch: str = "0") -> str:
    number, _, release = version.partition("-")
    return (f'<package name="{name}" version="{number}" release="{release}" epoch="{epoch}" '
            f'arch="{arch}"><filename>x</filename></package>')  # fmt: skip


def updates(
    packages: str, type: str = "security", more: str = "", id: str = "X-2024:1", module: str = ""
) -> bytes:
    return f"""<?xml version="1.0"?><updates><update from="x" status="final" type="{type}">
<id>{id}</id><title>Important: an update</title><severity>Important</severity>
<issued date="2024-01-02 03:04:05"/><description>words &amp; words</description>{more}
<pkglist><collection short="c"><name>c</name>{module}{packages}</collection></pkglist>
</update></updates>""".encode()


CVE = '<references><reference href="https://host/1" id="CVE-2024-1000" type="cve"/></references>'


def test_a_notice_says_what_is_older_than_its_packages() -> None:
    data = updates(
        package("vim", "8.2-3.el9", epoch="2") + package("vim-data", "8.2-3.el9", "noarch"),
        more=CVE,
    )
    records = abouts(read(OWN, data))
    assert fixes(records) == {"vim": ("2:8.2-3.el9",), "vim-data": ("8.2-3.el9",)}
    advisory = records[0].advisory
    assert (advisory.id, advisory.covers, advisory.aliases) == ("X-2024:1", ("CVE-2024-1000",), ())
    assert (advisory.published, advisory.modified) == ("2024-01-02T03:04:05Z",) * 2
    assert [(r.source, r.severity) for r in advisory.ratings] == [("own", "HIGH")]
    assert records[0].prose.description == "words & words"
    assert records[0].prose.references == ("https://host/1",)


@pytest.mark.parametrize("type", ["bugfix", "enhancement", "newpackage", "recommended", ""])
def test_other_notices_say_nothing(type: str) -> None:
    assert not read(OWN, updates(package("vim", "8.2-3.el9"), type))


def test_flaws_are_found_where_fedora_writes_them() -> None:
    reference = '<references><reference id="2167" type="bugzilla" title="TRIAGE CVE-2023-1 CVE-2023-25 x: y [fedora-all]"/></references>'
    data = updates(
        package("vim", "8.2-3.fc38"), more=reference.replace("CVE-2023-1 ", "CVE-2023-12345 ")
    )
    assert abouts(read(OWN, data))[0].advisory.covers == ("CVE-2023-12345",)
    data = updates(package("vim", "8.2-3.fc38"), more="<summary/>").replace(
        b"words &amp; words", b"Fixes CVE-2023-99999"
    )
    assert abouts(read(OWN, data))[0].advisory.covers == ("CVE-2023-99999",)
    assert abouts(read(OWN, updates(package("vim", "8.2-3.fc38"))))[0].advisory.covers == ()


def test_architectures_are_told_apart_only_where_their_builds_differ() -> None:
    same = package("vim", "8.2-3.el9") + package("vim", "8.2-3.el9", "aarch64")
    assert [a.affected.arches for a in abouts(read(OWN, updates(same)))] == [()]
    differ = package("vim", "8.2-3.el9") + package("vim", "8.2-4.el9", "aarch64")
    found = {
        a.affected.arches: a.affected.ranges[0].fixed for a in abouts(read(OWN, updates(differ)))
    }
    assert found == {("x86_64",): "8.2-3.el9", ("aarch64",): "8.2-4.el9"}


def test_a_collection_of_a_module_names_its_stream() -> None:
    module = '<module name="nodejs" stream="18" version="809" context="abc" arch="x86_64"/>'
    [about] = abouts(read(OWN, updates(package("nodejs", "18.1-1.module+el8"), module=module)))
    assert about.affected.module == "nodejs:18"
    [about] = abouts(read(OWN, updates(package("nodejs", "18.1-1"), module="<module/>")))
    assert about.affected.module == ""


def test_what_lacks_its_name_or_version_is_named_and_the_rest_is_read() -> None:
    broken = '<package name="vim" arch="x86_64"/>'
    records = read(OWN, updates(broken + package("nano", "1-1")))
    assert fixes(records) == {"nano": ("1-1",)}
    assert [u.what for u in unread(records)] == ["X-2024:1"]
    assert [u.reason for u in unread(read(OWN, updates(broken, id="")))] == ["it has no id"]


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress,
                                      zstandard.ZstdCompressor().compress])  # fmt: skip
def test_any_compression_is_read(compress: Callable[[bytes], bytes]) -> None:
    assert fixes(read(OWN, compress(updates(package("vim", "8.2-3.el9"))))) == {
        "vim": ("8.2-3.el9",)
    }


@pytest.mark.parametrize("data", [b"", b"nothing", b"<updates>", b"<html></html>", b"\x1f\x8b\x08",
                                  b"<!DOCTYPE u [<!ENTITY a 'b'>]><updates>&a;</updates>"])  # fmt: skip
def test_what_is_no_updateinfo_is_an_error(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read(OWN, data)


def test_a_repository_without_bulletins_has_none() -> None:
    assert read(OWN, b"<updates/>") == []
    assert read(OWN, b"<repomd><data type='primary'/></repomd>") == []


def test_repositories_that_somebody_names_are_asked_for_their_shard() -> None:
    address = "https://mirror/BaseOS/os/repodata/repomd.xml"
    assert OWN.documents("Rocky Linux:9") == (address,)
    assert OWN.documents("Rocky Linux:8") == ()
    assert OWN.offers == ("Rocky Linux:9",)
    assert abouts(read(OWN, updates(package("vim", "8.2-3.el9"))))[0].ecosystem == ""


REPOMD = b"""<repomd xmlns="http://linux.duke.edu/metadata/repo">
<data type="primary"><location href="repodata/1-primary.xml.gz"/></data>
<data type="updateinfo"><location href="repodata/2-updateinfo.xml.gz"/></data>
<data type="updateinfo_zck"><location href="repodata/3-updateinfo.xml.zck"/></data></repomd>"""


@pytest.mark.parametrize(("data", "where"), [
    (REPOMD.replace(b'href="', b'href="http://[x'), "https://mirror/os/repodata/repomd.xml"),
    (b"https://[mirror/os\n", "https://host/mirrorlist"),
])  # fmt: skip
def test_an_address_that_is_none_is_malformed(data: bytes, where: str) -> None:
    with pytest.raises(MalformedError):
        OWN.links(io.BytesIO(data), where)


def test_repomd_leads_to_updateinfo() -> None:
    links = OWN.links(io.BytesIO(REPOMD), "https://mirror/BaseOS/os/repodata/repomd.xml")
    assert links == ("https://mirror/BaseOS/os/repodata/2-updateinfo.xml.gz",)
    elsewhere = REPOMD.replace(b'href="repodata/2', b'xml:base="https://other/x" href="repodata/2')
    links = OWN.links(io.BytesIO(elsewhere), "https://mirror/os/repodata/repomd.xml")
    assert links == ("https://other/x/repodata/2-updateinfo.xml.gz",)
    assert OWN.links(io.BytesIO(REPOMD), links[0]) == ()
    with pytest.raises(MalformedError):
        OWN.links(io.BytesIO(b"<html/>"), "https://mirror/os/repodata/repomd.xml")


def test_a_mirror_list_leads_to_its_first_mirror() -> None:
    data = b"http://packages.host/2018.03/$basearch\nhttps://second/\n"
    assert amazon.feed.links(io.BytesIO(data), "https://host/mirror.list") == (
        "https://packages.host/2018.03/x86_64/repodata/repomd.xml",
    )
    with pytest.raises(MalformedError, match="without a mirror"):
        amazon.feed.links(io.BytesIO(b"<html>"), "https://host/mirror.list")


CDN = "https://cdn.amazonlinux.com"


@pytest.mark.parametrize(
    ("address", "shard"),
    [(f"{CDN}/2/core/2.0/x86_64/abc/repodata/updateinfo.xml.gz", "Amazon Linux:2"),
     (f"{CDN}/al2023/core/guids/abc/x86_64/repodata/updateinfo.xml.gz", "Amazon Linux:2023"),
     ("https://packages.us-west-2.amazonaws.com/2018.03/updates/abc/x86_64/repodata/u.xml.gz",
      "Amazon Linux:1"),
     ("https://elsewhere/u.xml", "")],
)  # fmt: skip
def test_amazons_release_is_told_by_the_address(address: str, shard: str) -> None:
    [about] = abouts(read(amazon.feed, updates(package("vim", "8.2-3.amzn")), address))
    assert about.ecosystem == shard


@pytest.mark.parametrize(
    ("topic", "fixed", "affected", "spared"),
    [("kernel-5.10", "5.10.96-90.460.amzn2", "5.10.50-44.131.amzn2", "4.14.200-155.322.amzn2"),
     ("php8.2", "8.2.9-1.amzn2", "8.2.1-1.amzn2", "8.0.30-1.amzn2"),
     ("postgresql14", "14.9-1.amzn2", "14.1-1.amzn2", "13.4-1.amzn2"),
     ("docker", "20.10.25-1.amzn2", "19.3-1.amzn2", "20.10.25-1.amzn2")],
)  # fmt: skip
def test_a_topic_of_amazons_extras_is_about_its_own_line(
    topic: str, fixed: str, affected: str, spared: str
) -> None:
    address = f"{CDN}/2/extras/{topic}/1.0/x86_64/abc/repodata/updateinfo.xml.gz"
    records = read(amazon.feed, updates(package("x", fixed)), address)
    assert is_affected(records, "Amazon Linux:2", "x", affected)
    assert not is_affected(records, "Amazon Linux:2", "x", spared)


def test_the_catalogue_of_amazons_extras_leads_to_its_topics() -> None:
    data = b'{"topics": [{"n": "kernel-5.10", "inst": []}, {"n": "../x"}, {"n": "R4"}]}'
    assert amazon.feed.links(io.BytesIO(data), f"{CDN}/2/extras-catalog.json") == (
        f"{CDN}/2/extras/kernel-5.10/latest/x86_64/mirror.list",
        f"{CDN}/2/extras/R4/latest/x86_64/mirror.list",
    )
    for broken in (b"", b"[]", b'{"topics": [7]}'):
        with pytest.raises(MalformedError, match="no catalogue"):
            amazon.feed.links(io.BytesIO(broken), f"{CDN}/2/extras-catalog.json")


def test_each_release_has_its_repositories() -> None:
    assert amazon.feed.documents("Amazon Linux:2023") == (
        f"{CDN}/al2023/core/mirrors/latest/x86_64/mirror.list",
    )
    second = amazon.feed.documents("Amazon Linux:2")
    assert f"{CDN}/2/core/latest/x86_64/mirror.list" in second
    assert f"{CDN}/2/extras-catalog.json" in second
    assert set(second) < set(amazon.feed.documents("Amazon Linux:*"))
    assert rocky.feed.documents("Rocky Linux:9")[0] == (
        "https://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/repodata/repomd.xml"
    )
    assert fedora.feed.documents("Fedora:44") == (
        "https://dl.fedoraproject.org/pub/fedora/linux/updates/44/Everything/x86_64/repodata/repomd.xml",
    )
    assert "/archive/" in fedora.archive.documents("Fedora:38")[0]
    for shard in (
        "Debian:12",
        "Amazon Linux",
        "Rocky Linux:7",
        "Fedora:rawhide",
        "CVE:2024",
        "KEV",
    ):
        assert not any(
            f.documents(shard) for f in (amazon.feed, rocky.feed, fedora.feed, fedora.archive)
        )


def test_the_real_bulletins_of_amazon_and_rocky_are_read(feed_mirror: Path) -> None:
    samples = feed_mirror / "_samples"
    address = f"{CDN}/al2023/core/guids/abc/x86_64/repodata/updateinfo.xml.gz"
    records = read(amazon.feed, samples / "amazon/updateinfo_AL2023.xml.gz", address)
    assert not unread(records)
    assert is_affected(records, "Amazon Linux:2023", "rsyslog", "8.2204.0-3.amzn2023.0.1")
    assert not is_affected(records, "Amazon Linux:2023", "rsyslog", "8.2204.0-3.amzn2023.0.2")
    address = f"{CDN}/2/core/2.0/x86_64/abc/repodata/updateinfo.xml.gz"
    records = read(amazon.feed, samples / "amazon/updateinfo_2_items.xml.gz", address)
    assert {a.advisory.id for a in abouts(records)} == {"ALAS2-2018-942", "ALAS2-2018-949"}
    assert fixes(records)["qemu-kvm"] == ("10:1.5.3-141.amzn2.5.3",)
    address = "https://dl.rockylinux.org/pub/rocky/8/BaseOS/x86_64/os/repodata/updateinfo.xml.gz"
    records = read(rocky.feed, samples / "rocky/updateinfo.xml", address)
    modules = {a.name: a.affected.module for a in abouts(records)}
    assert modules == {
        "lz4": "",
        "kernel": "",
        "rubygem-abrt": "ruby:2.6",
        "rubygem-bson": "ruby:2.6",
    }
    for name in ("amazon", "rocky"):
        with (samples / name / "repomd.xml").open("rb") as file:
            [link] = OWN.links(file, "https://host/os/repodata/repomd.xml")
        assert link.endswith("updateinfo.xml.gz")
