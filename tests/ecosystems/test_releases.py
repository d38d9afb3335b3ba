from __future__ import annotations

import pytest

from pratique.match import shard_of
from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro, Package
from pratique.plugins import load

RPMS = ("AlmaLinux", "Azure Linux", "Mageia", "Red Hat", "Rocky Linux", "SUSE", "openEuler",
        "openSUSE")  # fmt: skip


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
     (("rhel", "9.4"), "Red Hat:enterprise_linux:9::baseos"),
     (("rhel", "7.9"), "Red Hat:enterprise_linux:7::server"),
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
     (("sles", "15.5", "SUSE Linux Enterprise Server 15 SP5"),
      "SUSE:Linux Enterprise Module for Basesystem 15 SP5"),
     (("sles", "15"), "SUSE:Linux Enterprise Module for Basesystem 15"),
     (("sles", "12.5", "SUSE Linux Enterprise Server 12 SP5"),
      "SUSE:Linux Enterprise Server 12 SP5"),
     (("sles", "12.5"), "SUSE:Linux Enterprise Server 12 SP5"),
     (("sles", "16.0", "SUSE Linux Enterprise Server 16.0"), "SUSE:Linux Enterprise Server 16.0"),
     (("sles", "16.0"), "SUSE:Linux Enterprise Server 16.0"),
     (("sl-micro", "6.0", "SUSE Linux Micro 6.0"), "SUSE:Linux Micro 6.0")],
)  # fmt: skip
def test_the_shard_of_an_rpm_distribution_is_written_as_its_publisher_does(
    distro: tuple[str, ...], expected: str
) -> None:
    assert shard("rpm", *distro) == expected


@pytest.mark.parametrize("id_", ["fedora", "amzn", "ol", "photon", "centos", "arch", ""])
def test_a_distribution_that_osv_knows_nothing_of_has_no_shard(id_: str) -> None:
    assert shard("rpm", id_, "9") == ""


def test_only_alma_and_red_hat_name_binary_packages() -> None:
    named = {e.name for e in load("pratique.ecosystems", Ecosystem)
             if e.distros and e.named_by == "binary"}  # fmt: skip
    assert named == {"AlmaLinux", "Red Hat"}
    assert named < set(RPMS)
