from __future__ import annotations

import pytest

from pratique.match import shard_of
from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro, Package
from pratique.plugins import load

BOTH = {"AlmaLinux", "Amazon Linux", "Azure Linux", "Fedora", "Oracle Linux", "Photon OS", "Red Hat",
        "Rocky Linux", "SUSE", "openSUSE"}  # fmt: skip


def shard(kind: str, id_: str, version: str = "", name: str = "", codename: str = "") -> str:
    distro = Distro("etc/os-release", id_, version, name, codename)
    return shard_of(Package("db", "dpkg", kind, "zlib", "1.0"), distro)


@pytest.mark.parametrize(
    ("distro", "expected"),
    [(("debian", "12.5", "", "bookworm"), "Debian:12"),
     (("debian", "11"), "Debian:11"),
     (("debian", "8.11", "", "jessie"), "Debian:8"),
     (("debian", "", "Debian GNU/Linux forky/sid", "forky"), "Debian:14"),
     (("debian", "", "Debian trixie/sid", "trixie/sid"), "Debian:13"),
     (("debian", "", "", "sid"), "Debian:14"),
     (("raspbian", "12", "", "bookworm"), "Debian:12"),
     (("ubuntu", "22.04"), "Ubuntu:22.04:LTS"),
     (("ubuntu", "24.04.3"), "Ubuntu:24.04:LTS"),
     (("ubuntu", "8.04"), "Ubuntu:8.04:LTS"),
     (("ubuntu", "23.10"), "Ubuntu:23.10"),
     (("ubuntu", "23.04"), "Ubuntu:23.04"),
     (("echo", "1"), "Echo")],
)  # fmt: skip
def test_the_shard_of_a_debian_or_ubuntu_is_that_of_its_release(
    distro: tuple[str, ...], expected: str
) -> None:
    assert shard("deb", *distro) == expected


@pytest.mark.parametrize(
    ("distro", "expected"),
    [(("alpine", "3.20.1"), "Alpine:v3.20"),
     (("alpine", "3.19_alpha20230901", "Alpine Linux edge"), "Alpine:edge"),
     (("alpine", "3.22.0_alpha20250108"), "Alpine:edge"),
     (("alpine", ""), "Alpine:edge"),
     (("wolfi", "20230201"), "Wolfi"),
     (("chainguard", "20230214"), "Chainguard"),
     (("minimos", "20241031"), "MinimOS"),
     (("alpaquita", "stream"), "Alpaquita:stream"),
     (("alpaquita", "23"), "Alpaquita:23"),
     (("bellsoft-hardened-containers", "25"), "BellSoft Hardened Containers:25")],
)  # fmt: skip
def test_the_shard_of_an_alpine_or_a_relative_is_that_of_its_branch(
    distro: tuple[str, ...], expected: str
) -> None:
    assert shard("apk", *distro) == expected


@pytest.mark.parametrize(
    ("distro", "expected"),
    [(("almalinux", "9.4"), "AlmaLinux:9"),
     (("rocky", "8.9"), "Rocky Linux:8"),
     (("rhel", "9.4"), "Red Hat:9"),
     (("rhel", "10.0"), "Red Hat:10"),
     (("rhel", "7.9"), "Red Hat:7"),
     (("centos", "7.9.2009", "CentOS Linux 7 (Core)"), "Red Hat:7"),
     (("centos", "9", "CentOS Stream 9"), "Red Hat:9"),
     (("ol", "9.3", "Oracle Linux Server 9.3"), "Oracle Linux:9"),
     (("amzn", "2023"), "Amazon Linux:2023"),
     (("amzn", "2"), "Amazon Linux:2"),
     (("amzn", "2018.03"), "Amazon Linux:1"),
     (("amzn", "2014.09"), "Amazon Linux:1"),
     (("amzn", "2022"), "Amazon Linux:2022"),
     (("fedora", "40"), "Fedora:40"),
     (("photon", "5.0"), "Photon OS:5.0"),
     (("azurelinux", "3.0"), "Azure Linux:3"),
     (("mariner", "2.0"), "Azure Linux:2"),
     (("mageia", "9"), "Mageia:9"),
     (("openeuler", "24.03", "openEuler 24.03 (LTS)"), "openEuler:24.03-LTS"),
     (("openeuler", "24.03", "openEuler 24.03 (LTS-SP1)"), "openEuler:24.03-LTS-SP1"),
     (("openeuler", "23.09", "openEuler 23.09"), "openEuler:23.09"),
     (("openeuler", "22.03"), "openEuler:22.03"),
     (("opensuse-leap", "15.6", "openSUSE Leap 15.6"), "openSUSE:Leap 15.6"),
     (("opensuse-leap", "15.5"), "openSUSE:Leap 15.5"),
     (("opensuse-leap-micro", "5.5", "openSUSE Leap Micro 5.5"), "openSUSE:Leap Micro 5.5"),
     (("opensuse-tumbleweed", "20240801", "openSUSE Tumbleweed"), "openSUSE:Tumbleweed"),
     (("opensuse", "13.2", "openSUSE 13.2 (Harlequin) (x86_64)"), "openSUSE:13.2"),
     (("sles", "15.5", "SUSE Linux Enterprise Server 15 SP5"), "SUSE:15.5"),
     (("sles", "15"), "SUSE:15"),
     (("sles", "12.5", "SUSE Linux Enterprise Server 12 SP5"), "SUSE:12.5"),
     (("sles_sap", "15.4"), "SUSE:15.4"),
     (("sles", "16.0", "SUSE Linux Enterprise Server 16.0"), "SUSE:16.0"),
     (("sle-micro", "5.5", "SUSE Linux Enterprise Micro 5.5"), "SUSE:Micro 5.5"),
     (("sl-micro", "6.0", "SUSE Linux Micro 6.0"), "SUSE:Micro 6.0")],
)  # fmt: skip
def test_the_shard_of_an_rpm_distribution_is_written_as_its_publisher_does(
    distro: tuple[str, ...], expected: str
) -> None:
    assert shard("rpm", *distro) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [("Red Hat:enterprise_linux:9::appstream", "Red Hat:9"),
     ("Red Hat:enterprise_linux:9::crb", "Red Hat:9"),
     ("Red Hat:enterprise_linux:7::server", "Red Hat:7"),
     ("Red Hat:enterprise_linux:10.1", "Red Hat:10"),
     ("Red Hat:rhel_eus:9.2::baseos", "Red Hat:rhel_eus:9.2::baseos"),
     ("Red Hat:enterprise_linux_eus:10.0", "Red Hat:enterprise_linux_eus:10.0"),
     ("Red Hat:rhel_aus:8.4::appstream", "Red Hat:rhel_aus:8.4::appstream"),
     ("Red Hat:openshift:4.14::el9", "Red Hat:openshift:4.14::el9"),
     ("SUSE:Linux Enterprise Module for Basesystem 15 SP5", "SUSE:15.5"),
     ("SUSE:Linux Enterprise Module for Python 3 15 SP6", "SUSE:15.6"),
     ("SUSE:Linux Enterprise High Performance Computing 15 SP3-LTSS", "SUSE:15.3"),
     ("SUSE:Linux Enterprise Server for SAP Applications 12 SP5", "SUSE:12.5"),
     ("SUSE:Linux Enterprise Server 15", "SUSE:15"),
     ("SUSE:Linux Enterprise Server 11 SP4-LTSS", "SUSE:11.4"),
     ("SUSE:Linux Enterprise Server 16.0", "SUSE:16.0"),
     ("SUSE:Linux Enterprise Module for Web and Scripting 12", "SUSE:12"),
     ("SUSE:Package Hub 15 SP5", "SUSE:15.5"),
     ("SUSE:Linux Enterprise Micro 5.5", "SUSE:Micro 5.5"),
     ("SUSE:Linux Enterprise Micro for Rancher 5.4", "SUSE:Micro 5.4"),
     ("SUSE:Linux Micro 6.0", "SUSE:Micro 6.0"),
     ("SUSE:Linux Micro Extras 6.1", "SUSE:Micro 6.1"),
     ("SUSE:Enterprise Storage 7.1", "SUSE:Enterprise Storage 7.1"),
     ("openSUSE:Leap 15.6", "openSUSE:Leap 15.6"),
     ("openSUSE:Leap 15.0 NonFree", "openSUSE:Leap 15.0"),
     ("openSUSE:Leap Micro 5.5", "openSUSE:Leap Micro 5.5"),
     ("openSUSE:Tumbleweed", "openSUSE:Tumbleweed")],
)  # fmt: skip
def test_what_a_record_writes_is_folded_into_the_shard_of_a_release(
    record: str, expected: str
) -> None:
    name, _, product = record.partition(":")
    ecosystem = next(e for e in load("pratique.ecosystems", Ecosystem) if e.name == name)
    assert f"{name}:{ecosystem.fold(product)}" == expected
    assert ecosystem.fold(ecosystem.fold(product)) == ecosystem.fold(product)


@pytest.mark.parametrize("id_", ["arch", "clearlinux", ""])
def test_a_distribution_that_nobody_publishes_for_has_no_shard(id_: str) -> None:
    assert shard("rpm", id_, "9") == ""


def test_rpm_packages_are_asked_for_by_both_names_where_feeds_differ() -> None:
    named = {e.name for e in load("pratique.ecosystems", Ecosystem) if e.named_by == "both"}
    assert named == BOTH
