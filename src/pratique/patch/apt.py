"""Packages of apt's archives: signatures, dates and digests are verified, or nothing is taken.

https://wiki.debian.org/DebianRepository/Format, apt-secure(8).
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from pratique.codecs import debrelease
from pratique.codecs.compression import inflate
from pratique.codecs.debcontrol import paragraph
from pratique.codecs.debrelation import Clause, clauses
from pratique.codecs.debrelease import Listed, Release
from pratique.codecs.debsources import AptSource, deb822, line_source, one_line
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError, NotFound, UsageError
from pratique.net import Client
from pratique.patch.openpgp import certificates, signed_text, verify_detached
from pratique.patch.resolution import Deb
from pratique.patch.root import Root

_RELEASE_LIMIT, _INDEX_LIMIT = 32 << 20, 1 << 30
_LARGEST_DEB = 4 << 30
_LISTS, _TRUSTED, _KEYRINGS = (
    "etc/apt/sources.list.d",
    "etc/apt/trusted.gpg.d",
    "usr/share/keyrings",
)
_STANZA_END = re.compile(rb"\n[ \t\r]*(?:\n|\Z)|\Z")
_PACKAGE = re.compile(rb"^Package:\s*(\S+)", re.MULTILINE)
_PROVIDES = re.compile(rb"^Provides:\s*(.+)$", re.MULTILINE)
_SOURCE = re.compile(r"\S+\s+\(([^)]+)\)")


def sources_of(root: Root, mirrors: Sequence[str]) -> list[AptSource]:
    """Return where an image gets its packages from, or what is to stand in for that.

    A mirror is `URL SUITE COMPONENT…`, in place of the image's own sources; or a URL that holds
    the archives by the paths that they have at their hosts.
    """
    own = list(dict.fromkeys(_own_sources(root)))
    stated = [line_source(f"deb {one}", "--mirror") for one in mirrors if " " in one.strip()]
    found = [_trusted_as(source, own) for source in stated] or own
    if not found:
        advice = "name one: --mirror 'http://deb.debian.org/debian bookworm main'"
        raise UsageError("the image names no repository that packages could come from", advice)
    hosts = [one.strip().rstrip("/") for one in mirrors if " " not in one.strip()]
    if hosts:
        found = [_at(source, host) for source in found for host in hosts[:1]]
    return found


def _trusted_as(stated: AptSource, own: Sequence[AptSource]) -> AptSource:
    """Return a mirror with the keyrings that the image has for its suite, or for its release."""
    release = stated.suite.partition("-")[0]
    same = sorted(
        (one for one in own if one.suite.partition("-")[0] == release),
        key=lambda one: one.suite != stated.suite,
    )
    return replace(stated, signed_by=stated.signed_by or same[0].signed_by) if same else stated


def _at(source: AptSource, host: str) -> AptSource:
    path = urlsplit(source.url).path
    return replace(source, url=host + path)


def _own_sources(root: Root) -> Iterator[AptSource]:
    for path in ["etc/apt/sources.list", *root.files(_LISTS)]:
        data = root.read(path) or b""
        if path.endswith(".list"):
            yield from one_line(data, path)
        elif path.endswith(".sources"):
            yield from deb822(data)


class Archives:
    """What the sources of an image offer."""

    def __init__(
        self, root: Root, client: Client, now: float, keyrings: Iterable[bytes] = ()
    ) -> None:
        self._root = root
        self._client = client
        self._now = now
        self._keyrings = tuple(keyrings)
        self._stanzas: dict[str, list[tuple[bytes, str]]] = {}
        """Stanzas by name, each with the URL of its archive."""
        self._provided: dict[str, set[str]] = {}
        self._parsed: dict[str, tuple[Deb, ...]] = {}
        self.notes: list[str] = []

    def read(self, source: AptSource, arches: Sequence[str]) -> None:
        """Take the indexes of a source; raise what is wrong with it."""
        release, place = self._release(source)
        if not release.automatic:
            self.notes.append(f"{source}: left out, apt takes of it what is asked for alone")
            return
        wanted = [arch for arch in arches if arch in (source.architectures or arches)]
        for folder in _folders(source, [*wanted, *(["all"] if release.all_apart else [])]):
            if listed := _listed(release, folder):
                self._take(self._index(place, *listed, release), source.url)
            elif folder and "binary-all" not in folder:
                self.notes.append(f"{source}: has no {folder}")

    def offers(self, name: str) -> tuple[Deb, ...]:
        """Return the packages of a name, and those that provide it."""
        if name not in self._parsed:
            own = [_parsed(stanza, url) for stanza, url in self._stanzas.get(name, ())]
            self._parsed[name] = tuple(deb for deb in own if deb)
            for other in sorted(self._provided.get(name, ())):
                if other != name:
                    named = (deb for deb in self.offers(other) if deb.name == other)
                    self._parsed[name] += tuple(
                        d for d in named if any(p.name == name for p in d.provides)
                    )
        return self._parsed[name]

    def fetch(self, deb: Deb, path: str) -> str:
        """Write a package to a file; return its SHA-256.

        Raises DigestMismatch where it is not what the index says.
        """
        if deb.size > _LARGEST_DEB:
            raise LimitExceeded(f"{deb.at}: {deb.size} bytes")
        hasher, size = hashlib.sha256(), 0
        with open(path, "wb") as file:
            for chunk in self._client.get(deb.at, limit=deb.size or _LARGEST_DEB).chunks():
                hasher.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if hasher.hexdigest() != deb.digest or size != deb.size:
            instead = f"SHA-256 {hasher.hexdigest()} instead of {deb.digest}"
            raise DigestMismatch(
                f"{deb.at} is not the package that the signed index names ({instead})"
            )
        return deb.digest

    def _release(self, source: AptSource) -> tuple[Release, str]:
        """Return a verified Release and where it is."""
        place = source.place
        certs = self._certificates(source)
        if not certs:
            raise MalformedError("no key that could verify it is in the image", place,
                                 "--keyring FILE names another keyring")  # fmt: skip
        try:
            data = self._get(f"{place}/InRelease", _RELEASE_LIMIT)
            text = signed_text(data, certs, f"{place}/InRelease")
        except NotFound:
            text = self._get(f"{place}/Release", _RELEASE_LIMIT)
            signature = self._get(f"{place}/Release.gpg", _RELEASE_LIMIT)
            verify_detached(text, signature, certs, f"{place}/Release")
        release = debrelease.read(text, place)
        release.refuse_dates(self._now, place, checks_expiry=source.checks_date)
        wanted = source.suite.strip("/")
        if not source.suite.endswith("/") and not _is_named(release, wanted):
            raise MalformedError(
                f"the Release is of {release.codename or release.suite}, not of {wanted}", place
            )
        return release, place

    def _certificates(self, source: AptSource) -> list[Any]:
        """Return whom apt would believe: those that the source names, or all of apt's."""
        if "BEGIN PGP PUBLIC KEY" in source.signed_by:
            lines = (line.strip() for line in source.signed_by.splitlines())
            armor = "\n".join("" if line == "." else line for line in lines)
            return certificates([armor.encode()])
        words = source.signed_by.replace(",", " ").split()
        paths = [word.lstrip("/") for word in words if word.startswith("/")]
        prints = {word.rstrip("!").lower() for word in words if not word.startswith("/")}
        if not paths:
            paths = ["etc/apt/trusted.gpg", *self._root.files(_TRUSTED)]
            paths = [path for path in paths if path.endswith((".gpg", ".asc"))]
        found = certificates([*(self._root.read(path) or b"" for path in paths), *self._keyrings])
        return [c for c in found if not prints or c.fingerprint.lower() in prints]

    def _index(self, place: str, name: str, listed: Listed, release: Release) -> bytes:
        """Return a list of packages, verified and unpacked."""
        if listed.size > _INDEX_LIMIT:
            raise LimitExceeded(f"{place}/{name}: {listed.size} bytes")
        hashed = f"{posixpath.dirname(name)}/by-hash/SHA256/{listed.sha256}".lstrip("/")
        try:
            data = self._get(f"{place}/{hashed if release.by_hash else name}", listed.size)
        except NotFound:
            data = self._get(f"{place}/{name}", listed.size)
        if hashlib.sha256(data).hexdigest() != listed.sha256 or len(data) != listed.size:
            raise DigestMismatch(f"{place}/{name} is not what the signed Release names")
        parts, size = [], 0
        for piece in inflate(iter([data]), f"{place}/{name}"):
            size += len(piece)
            if size > _INDEX_LIMIT:
                raise LimitExceeded(f"{place}/{name} inflates to more than {_INDEX_LIMIT} bytes")
            parts.append(piece)
        return b"".join(parts)

    def _take(self, index: bytes, url: str) -> None:
        start = 0
        for end in _STANZA_END.finditer(index):
            stanza = index[start : end.start()]
            start = end.end()
            if match := _PACKAGE.search(stanza):
                name = match[1].decode("utf-8", "replace")
                self._stanzas.setdefault(name, []).append((stanza, url))
                if provides := _PROVIDES.search(stanza):
                    for part in provides[1].decode("utf-8", "replace").split(","):
                        given = part.split("(")[0].partition(":")[0].strip()
                        self._provided.setdefault(given, set()).add(name)
        self._parsed.clear()

    def _get(self, url: str, limit: int) -> bytes:
        return self._client.get(url, limit=limit).read()


def _is_named(release: Release, suite: str) -> bool:
    """Tell whether a Release is of a suite: its codename, or its suite's name, or a part of it."""
    names = {release.codename, release.suite}
    return suite in names or suite.partition("/")[0] in names or not any(names)


def _folders(source: AptSource, arches: Sequence[str]) -> Iterator[str]:
    if source.suite.endswith("/"):
        yield ""
    for component in source.components:
        for arch in dict.fromkeys(arches):
            yield f"{component}/binary-{arch}"


def _listed(release: Release, folder: str) -> tuple[str, Listed] | None:
    for ending in (".xz", ".gz", ".zst", ".bz2", ""):
        name = os.path.join(folder, f"Packages{ending}")
        if name in release.files:
            return name, release.files[name]
    return None


def _parsed(stanza: bytes, url: str) -> Deb | None:
    """Return the package of a stanza; None where it is broken, or tries to leave its archive."""
    fields = paragraph(stanza.decode("utf-8", "replace"))
    name = fields.get("Filename", "").removeprefix("./")
    size = fields.get("Size", "")
    is_inside = name and ".." not in name.split("/") and not name.startswith("/") and ":" not in (
        name.split("/")[0])  # fmt: skip
    if not (
        is_inside and size.isdigit() and re.fullmatch("[0-9a-f]{64}", fields.get("SHA256", ""))
    ):
        return None
    try:
        return deb_of(fields, f"{url.rstrip('/')}/{name}", int(size), fields["SHA256"])
    except (ValueError, KeyError):
        return None


def deb_of(fields: dict[str, str], at: str = "", size: int = 0, sha256: str = "") -> Deb:
    """Return the package of a stanza; raise ValueError or KeyError where it is broken."""
    source = _SOURCE.match(fields.get("Source", ""))
    return Deb(
        fields["Package"], fields["Version"], fields["Architecture"],
        source[1] if source else fields["Version"],
        (*_clauses(fields, "Pre-Depends"), *_clauses(fields, "Depends")),
        tuple(one[0] for field in ("Breaks", "Conflicts") for one in _clauses(fields, field)),
        tuple(one[0] for one in _clauses(fields, "Provides")),
        fields.get("Multi-Arch", ""), at, size, sha256,
    )  # fmt: skip


def _clauses(fields: dict[str, str], name: str) -> tuple[Clause, ...]:
    return clauses(" ".join(fields.get(name, "").split()))


Fetch = Callable[[Deb, str], None]
