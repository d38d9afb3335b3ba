"""How the feeds of RPM distributions stand to each other, and that nobody asks them for more."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.reading import read, unread
from pratique.feeds import alma, amazon, azure, fedora, oracle, photon, redhat, rocky, suse
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import Feed
from pratique.plugins import load

FEEDS = (
    alma.feed, amazon.feed, azure.feed, fedora.feed, fedora.archive, oracle.feed, photon.feed,
    photon.vmware, photon.bulletins, redhat.feed, redhat.folder, rocky.feed, suse.feed, suse.folder,
    suse.bulletins, suse.bulletins_folder,
)  # fmt: skip
OSV = 10
"""The rank of OSV.dev, which stands in for those that it knows."""


def test_the_parts_are_found() -> None:
    assert {feed.name for feed in FEEDS} <= {feed.name for feed in load("pratique.feeds", Feed)}


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_what_a_feed_offers_it_has_documents_for(feed: Feed) -> None:
    families = {e.name for e in load("pratique.ecosystems", Ecosystem)}
    for shard in feed.offers:
        assert shard.partition(":")[0] in families
        for address in feed.documents(shard):
            assert address.startswith("https://")
        assert feed.documents(shard)
    for shard in ("", "npm", "PyPI", "KEV", "CVE:2024", "EPSS", "Debian:12", "Debian:*"):
        assert feed.documents(shard) == ()


def test_large_archives_are_read_when_they_are_asked_for() -> None:
    assert {feed.name for feed in FEEDS if feed.bulk} == {"redhat", "suse", "suse-bulletins"}
    assert {feed.name for feed in FEEDS if feed.rank > OSV} == {
        "photon-oval", "suse-bulletins", "suse-bulletins-folder",
    }  # fmt: skip


CORPUS: list[tuple[Feed, str]] = [
    (redhat.feed, "security.access.redhat.com/data/csaf/v2/**/*.json"),
    (suse.bulletins, "ftp.suse.com/pub/projects/security/cvrf/*.xml"),
    (photon.feed, "packages.vmware.com/photon/photon_cve_metadata/*.json"),
    (photon.bulletins, "packages.vmware.com/photon/photon_oval_definitions/*.xml"),
    (azure.feed, "raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/*.xml"),
    (oracle.feed, "linux.oracle.com/security/oval/*"),
    (alma.feed, "errata.almalinux.org/8/*.json"),
    (amazon.feed, "_samples/amazon/updateinfo*"),
    (rocky.feed, "_samples/rocky/updateinfo*"),
]


@pytest.mark.parametrize(("feed", "pattern"), CORPUS, ids=[feed.name for feed, _ in CORPUS])
def test_all_real_records_are_read(feed_mirror: Path, feed: Feed, pattern: str) -> None:
    paths = [path for path in feed_mirror.glob(pattern) if path.is_file()]
    assert paths
    for path in paths:
        assert not unread(read(feed, path, f"https://{path.relative_to(feed_mirror)}"))
