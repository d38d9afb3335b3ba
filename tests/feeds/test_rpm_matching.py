"""From a publisher's document through a shard to the findings of packages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from feeds.csaf_documents import document
from feeds.reading import read
from feeds.test_oval import all_of, any_of, earlier, oracle_oval
from feeds.test_redhat import RHEL as REPOSITORIES
from pratique.advisories.database import Database
from pratique.advisories.place import shards_of
from pratique.advisories.shard import Origin
from pratique.advisories.write import write
from pratique.feeds import azure, oracle, redhat
from pratique.match import match, shard_of
from pratique.model.feed import Record, Unread
from pratique.model.inventory import Distro, Inventory, Package


def rpm(name: str, version: str, source: str = "", module: str = "", arch: str = "x86_64"
        ) -> Package:  # fmt: skip
    return Package("var/lib/rpm/rpmdb.sqlite", "rpm", "rpm", name, version, arch, source or name,
                   version, module=module)  # fmt: skip


def found(
    folder: Path, records: Iterable[Record], distro: Distro, *packages: Package
) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return id, package, fixed version and status of each finding."""
    shard = shard_of(packages[0], distro)
    wanted = [r for r in records if not isinstance(r, Unread) and list(shards_of(r, [shard]))]
    write(str(folder), shard, wanted, Origin("test"))
    database = Database(str(folder), starter="")
    result = match(Inventory(packages, distro), database)
    database.close()
    assert not result.missing
    return [(f.id, f.package.name, f.fixed, f.status) for f in result.findings]


RHEL9 = Distro("etc/os-release", "rhel", "9.3", "Red Hat Enterprise Linux 9.3")
STREAM9 = Distro("etc/os-release", "centos", "9", "CentOS Stream 9")


@pytest.mark.parametrize("distro", [RHEL9, STREAM9])
def test_curl_38545_of_red_hat(feed_mirror: Path, tmp_path: Path, distro: Distro) -> None:
    path = feed_mirror / "security.access.redhat.com/data/csaf/v2/vex/2023/cve-2023-38545.json"
    records = read(redhat.feed, path)
    cases = {
        "7.76.1-14.el9": "7.76.1-23.el9_2.4", "7.76.1-23.el9_2.4": "",
        "7.76.1-26.el9": "7.76.1-26.el9_3.2", "7.76.1-26.el9_3.2": "", "7.76.1-31.el9": "",
    }  # fmt: skip
    for number, (version, fixed) in enumerate(cases.items()):
        packages = [rpm("libcurl-minimal", version, "curl")]
        expected = [("CVE-2023-38545", "libcurl-minimal", (fixed,), "fixed")] if fixed else []
        assert found(tmp_path / str(number), records, distro, *packages) == expected


def test_what_red_hat_will_not_fix_is_found_by_its_source(tmp_path: Path) -> None:
    pair = ("rhel9", "vim")
    data = document(REPOSITORIES, {"vim": "pkg:rpm/redhat/vim?arch=src"}, {"known_affected": [pair]},
                    [("no_fix_planned", "Will not fix", [pair])])  # fmt: skip
    packages = [rpm("vim-minimal", "2:8.2.2637-20.el9", "vim"), rpm("nano", "5.6-1.el9")]
    assert found(tmp_path, read(redhat.feed, data), RHEL9, *packages) == [
        ("CVE-2024-1", "vim-minimal", (), "will_not_fix")
    ]


@pytest.mark.parametrize(
    ("fix", "version", "is_found"),
    [("2:2.34-100.0.1.ksplice1.el9", "2.34-60.0.1.el9", False),
     ("2:2.34-100.0.1.ksplice1.el9", "2:2.34-60.0.1.ksplice1.el9", True),
     ("0:2.34-100.0.1.el9", "2:2.34-60.0.1.ksplice1.el9", False),
     ("0:2.34-100.0.1.el9", "2.34-60.0.1.el9", True),
     ("10:3.6.16-7.0.1.el8_fips", "3.6.16-4.el8", False),
     ("10:3.6.16-7.0.1.el8_fips", "10:3.6.16-4.el8_fips", True)],
)  # fmt: skip
def test_oracles_variants_are_kept_apart(
    tmp_path: Path, fix: str, version: str, *, is_found: bool
) -> None:
    data = oracle_oval(all_of("Oracle Linux 9 is installed", any_of(earlier("glibc", fix))))
    oracle9 = Distro("etc/os-release", "ol", "9.3", "Oracle Linux Server 9.3")
    assert (
        bool(found(tmp_path, read(oracle.feed, data), oracle9, rpm("glibc", version))) == is_found
    )


def test_azures_flaws_are_those_of_the_source_package(feed_mirror: Path, tmp_path: Path) -> None:
    name = "raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/azurelinux-3.0-oval.xml"
    records = read(azure.feed, feed_mirror / name, f"https://{name}")
    azure3 = Distro("etc/os-release", "azurelinux", "3.0", "Microsoft Azure Linux 3.0")
    results = found(tmp_path, records, azure3, rpm("openssh-server", "9.8p1-2.azl3", "openssh"))
    assert ("CVE-2025-26466", "openssh-server", ("9.8p1-3.azl3",), "fixed") in results
    patched = rpm("openssh-server", "9.8p1-3.azl3", "openssh")
    assert not found(tmp_path / "2", records, azure3, patched)
