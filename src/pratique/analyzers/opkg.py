"""OpenWrt's and Yocto's package database (https://openwrt.org/docs/guide-user/additional-software/opkg)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.debcontrol import is_installed, stanzas
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

_FOLDERS = ("/usr/lib/opkg", "/var/lib/opkg", "/lib/opkg")
_FIELDS = ("Package", "Status", "Version", "Architecture", "Source", "License", "Maintainer")


def analyze(file: File) -> Iterator[Package]:
    """Yield the packages that are installed.

    A stanza without name or version is an error, after all others were read.
    """
    broken = 0
    for fields in stanzas(file.read(), *_FIELDS):
        if not is_installed(fields.get("status")):
            continue
        name, version = fields.get("package", ""), fields.get("version", "")
        if not name or not version:
            broken += 1
            continue
        license_ = fields.get("license", "")
        yield Package(
            file.path, "opkg", "opkg", name, version, fields.get("architecture", ""),
            licenses=(license_,) if license_ else (), vendor=fields.get("maintainer", ""),
        )  # fmt: skip
    if broken:
        raise MalformedError(f"{broken} stanzas have no package or no version", file.path)


def owned(file: File) -> Iterator[OwnedFiles]:
    """Yield the files that a package installed: the lines of `info/NAME.list`, up to a tab."""
    lines = file.read().decode("utf-8", "replace").splitlines()
    files = tuple(line.partition("\t")[0].lstrip("/") for line in lines if len(line) > 1)
    if files:
        yield OwnedFiles(file.path, file.path.rpartition("/")[2].removesuffix(".list"), files)


opkg = Analyzer("opkg", 1, tuple(f"{folder}/status" for folder in _FOLDERS), analyze)
opkg_files = Analyzer("opkg-files", 1, tuple(f"{folder}/info/*.list" for folder in _FOLDERS), owned)
