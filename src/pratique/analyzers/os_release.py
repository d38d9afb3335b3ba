"""The distribution and its release, from os-release(5) and the files that came before it."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs import osrelease
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Distro

_PATHS = (
    "/etc/os-release", "/usr/lib/os-release", "/etc/debian_version", "/etc/alpine-release",
    "/etc/redhat-release", "/etc/centos-release", "/etc/almalinux-release", "/etc/rocky-release",
    "/etc/oracle-release", "/etc/fedora-release", "/etc/system-release", "/etc/lsb-release",
    "/etc/SuSE-release", "/etc/photon-release", "/etc/mariner-release", "/etc/azurelinux-release",
    "/etc/mageia-release", "/etc/openEuler-release", "/etc/sl-release", "/etc/anolis-release",
    "/bin/freebsd-version", "/var/run/os-release",
    "/x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release",
    "/aarch64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release",
)  # fmt: skip


def analyze(file: File) -> Iterator[Distro]:
    """Yield the distribution that a file names; one that names none says nothing."""
    if distro := osrelease.read(file.path, file.read()):
        yield distro


os_release = Analyzer("os-release", 1, _PATHS, analyze)
