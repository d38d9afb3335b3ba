"""RPM's package database, in each of its formats and places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, structs

from pratique.codecs import rpmdb, rpmheader
from pratique.codecs.dependencies import Declared, resolved
from pratique.codecs.openpgp import issuer
from pratique.codecs.rpmheader import Header
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

_FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
_NAMES = ("Packages", "Packages.db", "rpmdb.sqlite")
_SHORT = 8  # digits of the id that is the version of a `gpg-pubkey`
_SOURCE = re.compile(r"(.+)-([^-]+)-([^-]+)\.(?:no)?src\.rpm")


class _Database(Struct):
    """What a database holds."""

    found: list[Declared] = []
    owned: list[OwnedFiles] = []
    signed: list[str] = []
    """By which key, as far as its short id tells it, for each of those found."""
    keys: dict[str, str] = {}
    """Whose the public keys are, by the same ids."""
    broken: int = 0


def analyze(file: File) -> Iterator[Package | OwnedFiles]:
    """Yield each package and the files it owns; public keys (`gpg-pubkey`) are none.

    A damaged record is an error, after all others were read.
    """
    database = _Database()
    try:
        _read(file, database)
    finally:  # what came before an error counts
        yield from resolved(_with_vendors(database))
        yield from database.owned
    if database.broken:
        raise MalformedError(
            f"{database.broken} records of the RPM database are damaged", file.path
        )


def _read(file: File, database: _Database) -> None:
    for blob in rpmdb.blobs(file.open(), file.size, file.path):
        try:
            header = Header(blob, file.path)
            package = _package(file.path, header)
            needs, provides = map(header.texts, (rpmheader.REQUIRE_NAMES, rpmheader.PROVIDE_NAMES))
            files = header.files()
        except MalformedError:
            database.broken += 1
            continue
        if package.name == "gpg-pubkey":
            database.keys[header.text(rpmheader.VERSION)] = _known(header.text(rpmheader.PACKAGER))
            continue
        if not package.name or not package.version:
            database.broken += 1
            continue
        database.found.append(Declared(package, needs, provides))
        database.signed.append(next(filter(None, map(issuer, header.signatures())), "")[-_SHORT:])
        if files:
            database.owned.append(OwnedFiles(file.path, package.name, files))


def _with_vendors(database: _Database) -> list[Declared]:
    """Let the owner of the key that signed a package be its vendor, where it names none.

    Only of keys other than that of most packages, which is the distribution's.
    """
    usual = Counter(filter(None, database.signed)).most_common(1)
    own = {key for key, _ in usual}
    return [
        structs.replace(
            one, package=structs.replace(one.package, vendor=database.keys.get(key, ""))
        )
        if not one.package.vendor and key not in own
        else one
        for one, key in zip(database.found, database.signed, strict=True)
    ]


def manifest(file: File) -> Iterator[Package]:
    """Yield the packages that a distroless image lists in place of a database.

    Lines of tab-separated fields: name, version-release, …, architecture, epoch, source RPM.
    """
    for line in file.read().decode("utf-8", "replace").splitlines():
        fields = line.split("\t")
        if len(fields) < 10:
            raise MalformedError("a line with fewer than ten fields", file.path)
        epoch = "" if fields[8] in ("0", "(none)") else f"{fields[8]}:"
        source = _SOURCE.fullmatch(fields[9])
        yield Package(
            file.path, "rpm", "rpm", fields[0], epoch + fields[1], fields[7],
            source[1] if source else fields[0],
            f"{epoch}{source[2]}-{source[3]}" if source else epoch + fields[1],
            vendor=fields[4],
        )  # fmt: skip


def _package(path: str, header: Header) -> Package:
    """Return a package; its source, whose epoch is not told, is taken to have the same."""
    epochs = header.numbers(rpmheader.EPOCH)
    epoch = f"{epochs[0]}:" if epochs and epochs[0] else ""
    version = f"{header.text(rpmheader.VERSION)}-{header.text(rpmheader.RELEASE)}"
    source = _SOURCE.fullmatch(header.text(rpmheader.SOURCE_RPM))
    license_ = header.text(rpmheader.LICENSE)
    name = header.text(rpmheader.NAME)
    return Package(
        path,
        "rpm",
        "rpm",
        name,
        "" if version == "-" else epoch + version,
        _known(header.text(rpmheader.ARCH)),
        source[1] if source else name,
        f"{epoch}{source[2]}-{source[3]}" if source else epoch + version,
        (license_,) if license_ else (),
        _known(header.text(rpmheader.VENDOR)),
        _known(header.text(rpmheader.MODULARITY_LABEL)),
    )


def _known(text: str) -> str:
    return "" if text == "(none)" else text


rpm = Analyzer(
    "rpm", 1, tuple(f"{folder}/{name}" for folder in _FOLDERS for name in _NAMES), analyze
)
rpm_manifest = Analyzer("rpm-manifest", 1, ("/var/lib/rpmmanifest/container-manifest-2",), manifest)
