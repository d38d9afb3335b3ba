"""The distributions that are made of RPMs, and which releases they have."""

from __future__ import annotations

import re

from pratique.codecs.rpmversion import version_key
from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro


def _major(distro: Distro) -> str:
    return distro.version.partition(".")[0]


_REPOSITORY = re.compile(r"enterprise_linux:(\d+)", re.ASCII)


def _redhat_fold(product: str) -> str:
    """Return `9` for `enterprise_linux:9::appstream`, `10` for `enterprise_linux:10.1`.

    Extended streams (rhel_eus …) stay apart: their versions say nothing to the main line's.
    """
    match = _REPOSITORY.match(product)
    return match[1] if match else product


def _opensuse(distro: Distro) -> str:
    """Return `Leap 15.6`, `Leap Micro 5.5` or `Tumbleweed`: PRETTY_NAME without the vendor."""
    if "tumbleweed" in distro.id:
        return "Tumbleweed"
    product = _product(distro.name, "openSUSE ")
    return _opensuse_fold(product) if product else f"Leap {distro.version}"


def _opensuse_fold(product: str) -> str:
    """Return `Leap 15.6` for `Leap 15.6 NonFree`, `13.2` for `13.2 (Harlequin)`."""
    match = _LEAP.match(product)
    return match[0] if match else product


_LEAP = re.compile(r"Leap (?:Micro )?\d+\.\d+|\d+\.\d+", re.ASCII)
_SUSE = re.compile(
    r"(?:Linux Enterprise (?!Micro)|Package Hub ).*?(?<![.\d])(\d{2})(?: SP(\d)|\.(\d+))?(?!\d)",
    re.ASCII,
)
_MICRO = re.compile(r"Linux (?:Enterprise )?Micro (?:[A-Za-z ]+ )?(\d+\.\d+)", re.ASCII)


def _suse_fold(product: str) -> str:
    """Return `15.5` for any module or product of `15 SP5`, and `Micro 5.5` for SLE Micro.

    The modules of 12 name no service pack, for they are of each; they get a shard of their own.
    """
    if micro := _MICRO.match(product):
        return f"Micro {micro[1]}"
    if match := _SUSE.match(product):
        level = match[2] or match[3]
        return f"{match[1]}.{level}" if level else match[1]
    return product


def _suse(distro: Distro) -> str:
    if "micro" in distro.id:
        return f"Micro {distro.version}"
    return distro.version


def _amazon(distro: Distro) -> str:
    """Return `2`, `2023` …; the first Amazon Linux called itself `2011.09` to `2018.03`."""
    major = _major(distro)
    return "1" if re.fullmatch(r"201[1-8]", major) else major


def _two_parts(distro: Distro) -> str:
    return ".".join(distro.version.split(".")[:2])


def _product(name: str, vendor: str) -> str:
    return name.removeprefix(vendor) if name.startswith(vendor) else ""


_EULER = re.compile(r"openEuler (\d+\.\d+)(?: \((LTS(?:-SP\d+)?)\))?", re.ASCII)


def _openeuler(distro: Distro) -> str:
    """Return `24.03-LTS-SP1`: which service pack it is, only PRETTY_NAME tells."""
    match = _EULER.match(distro.name)
    if match is None:
        return distro.version
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


# what names binary packages in one feed names source packages in another: both are looked up
alma = Ecosystem(
    "AlmaLinux", "rpm", version_key, namespace="almalinux", distros=("almalinux",),
    release=_major, named_by="both",
)  # fmt: skip
rocky = Ecosystem(
    "Rocky Linux", "rpm", version_key, namespace="rocky", distros=("rocky",),
    release=_major, named_by="both",
)  # fmt: skip
redhat = Ecosystem(
    "Red Hat", "rpm", version_key, namespace="redhat", distros=("rhel", "centos"),
    release=_major, fold=_redhat_fold, named_by="both",
)  # fmt: skip
oracle = Ecosystem(
    "Oracle Linux", "rpm", version_key, namespace="oracle", distros=("ol",),
    release=_major, named_by="both",
)  # fmt: skip
amazon = Ecosystem(
    "Amazon Linux", "rpm", version_key, namespace="amazon", distros=("amzn",),
    release=_amazon, named_by="both",
)  # fmt: skip
fedora = Ecosystem(
    "Fedora", "rpm", version_key, namespace="fedora", distros=("fedora",),
    release=_major, named_by="both",
)  # fmt: skip
photon = Ecosystem(
    "Photon OS", "rpm", version_key, namespace="photon", distros=("photon",),
    release=_two_parts, named_by="both",
)  # fmt: skip
suse = Ecosystem(
    "SUSE", "rpm", version_key, namespace="suse",
    distros=("sles", "sles_sap", "sled", "sle_hpc", "sle-micro", "sle-micro-rancher", "sl-micro"),
    release=_suse, fold=_suse_fold, named_by="both",
)  # fmt: skip
opensuse = Ecosystem(
    "openSUSE", "rpm", version_key, namespace="opensuse",
    distros=("opensuse", "opensuse-leap", "opensuse-leap-micro", "opensuse-tumbleweed"),
    release=_opensuse, fold=_opensuse_fold, named_by="both",
)  # fmt: skip
azure = Ecosystem(
    "Azure Linux", "rpm", version_key, namespace="azurelinux",
    distros=("azurelinux", "mariner"), release=_major, named_by="both",
)  # fmt: skip
openeuler = Ecosystem(
    "openEuler", "rpm", version_key, namespace="openeuler", distros=("openeuler",),
    release=_openeuler, named_by="source",
)  # fmt: skip
mageia = Ecosystem(
    "Mageia", "rpm", version_key, namespace="mageia", distros=("mageia",), release=_major,
    named_by="source",
)  # fmt: skip
