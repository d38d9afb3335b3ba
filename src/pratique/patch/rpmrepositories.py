"""Packages of RPM repositories: checksums and signatures are verified, or nothing is taken.

https://github.com/rpm-software-management/createrepo_c, RFC 5854 (metalink).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import Struct

from pratique.codecs.compression import inflate
from pratique.codecs.debrelation import Relation
from pratique.codecs.xmltree import trees
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError, NotFound
from pratique.net import Client
from pratique.patch import rpmmodules
from pratique.patch.openpgp import certificates, verify_detached
from pratique.patch.resolution import Deb
from pratique.patch.root import Root
from pratique.patch.rpmrelations import by_name, needed, nevra_version, provided, required
from pratique.patch.rpmsources import RpmSource, excluded, substituted

_REPOMD_LIMIT, _INDEX_LIMIT, _LARGEST = 16 << 20, 2 << 30, 4 << 30
_HASHES = {"sha256": 64, "sha512": 128, "sha384": 96}
_PACKAGE = re.compile(rb"<package .*?</package>", re.DOTALL)
_NAME = re.compile(rb"<name>([^<]*)</name>")
_PROVIDES = re.compile(rb"<rpm:provides>(.*?)</rpm:provides>", re.DOTALL)
_ENTRY_NAME = re.compile(rb'<rpm:entry [^>]*?name="([^"]+)"')
_FILE = re.compile(rb"<file(?: [^>]*)?>([^<]*)</file>")
_FILES_OF = re.compile(
    rb'<package pkgid="([0-9a-f]+)" name="([^"]+)"[^>]*>(.*?)</package>', re.DOTALL
)
_PATHS = re.compile(rb'<rpm:entry [^>]*?name="(/[^"]+)"')


class _Data(Struct, frozen=True):
    """A file that repomd.xml names."""

    href: str
    kind: str
    digest: str
    open_size: int


class RpmRepositories:
    """What the repositories of an image offer."""

    def __init__(
        self, root: Root, client: Client, keys: Iterable[bytes], streams: set[tuple[str, str]]
    ) -> None:
        """Take the public keys that are trusted, and the module streams that are enabled."""
        self._root = root
        self._client = client
        self._keys = tuple(keys)
        self._streams = streams
        self._packages: dict[bytes, list[tuple[bytes, str, RpmSource]]] = {}
        self._provided: dict[bytes, set[bytes]] = {}
        self._parsed: dict[str, tuple[Deb, ...]] = {}
        self._unread: list[tuple[str, _Data]] = []
        """Lists of all files, which are large and seldom needed."""
        self._files: dict[str, list[str]] = {}
        """Paths that are needed and that only those lists have, by the digests of packages."""
        self._modular: dict[str, bool] = {}
        self._from: dict[str, RpmSource] = {}
        self.paths: set[str] = set()
        """Paths that some package needs."""
        self.is_there: Callable[[Relation], bool] = lambda _: False
        """Tells what the image has, for conditions of rich dependencies."""

    def certs(self, source: RpmSource) -> list[Any]:
        own = (self._root.read(path) or b"" for path in source.keys)
        return certificates([*own, *self._keys])

    def certs_of(self, deb: Deb) -> list[Any]:
        """Return the keys that may have signed a package."""
        return self.certs(self._from[deb.at])

    def read(self, source: RpmSource, variables: dict[str, str]) -> None:
        """Take the index of a repository; raise what is wrong with it."""
        urls, digests = self._places(source, variables)
        data, url = self._first(urls, "repodata/repomd.xml", _REPOMD_LIMIT)
        where = f"{url}/repodata/repomd.xml"
        if digests and hashlib.sha256(data).hexdigest() not in digests:
            raise DigestMismatch(f"{where} is not what the metalink names")
        self._verify_index(source, data, where)
        listed = _listed(data, where)
        if "primary" not in listed:
            raise MalformedError("it names no list of packages", where)
        modules = listed.get("modules")
        if modules:
            self._modular |= rpmmodules.artifacts(
                self._get(url, modules), f"{url}/{modules.href}", self._streams)  # fmt: skip
        self._take(self._get(url, listed["primary"]), url, source)
        if "filelists" in listed:
            self._unread.append((url, listed["filelists"]))

    def _places(self, source: RpmSource, variables: dict[str, str]) -> tuple[list[str], set[str]]:
        urls, digests = list(source.urls), set[str]()
        if not urls and source.metalink:
            data = self._client.get(source.metalink, limit=_REPOMD_LIMIT).read()
            urls, digests = _metalink(data, source.metalink)
        elif not urls and source.mirrorlist:
            text = self._client.get(source.mirrorlist, limit=_REPOMD_LIMIT).read()
            if text.lstrip().startswith(b"<"):
                urls, digests = _metalink(text, source.mirrorlist)
            else:
                lines = text.decode("utf-8", "replace").split()
                urls = [substituted(line.rstrip("/"), variables, source.name) for line in lines]
        urls = [url for url in urls if url.startswith(("http://", "https://"))]
        if not urls:
            raise MalformedError("no URL of it is to be had by HTTP", f"repository {source.name}")
        return urls, digests

    def _first(self, urls: Sequence[str], name: str, limit: int) -> tuple[bytes, str]:
        """Return a file of the first mirror that has it."""
        for url in urls[:3]:
            try:
                return self._client.get(f"{url}/{name}", limit=limit).read(), url
            except NotFound:
                if url == urls[:3][-1]:
                    raise
        raise AssertionError

    def _verify_index(self, source: RpmSource, data: bytes, where: str) -> None:
        """Raise MalformedError where a signature is not good, or is not there but has to be."""
        certs = self.certs(source)
        try:
            signature = self._client.get(f"{where}.asc", limit=_REPOMD_LIMIT).read()
        except NotFound:
            if source.signed_index:
                raise MalformedError("it is not signed, but repo_gpgcheck asks for that",
                                     where) from None  # fmt: skip
            return
        verify_detached(data, signature, certs, where)

    def _get(self, url: str, data: _Data) -> bytes:
        """Return a file that repomd.xml names, verified and unpacked."""
        where = f"{url}/{data.href}"
        packed = self._client.get(where, limit=_INDEX_LIMIT).read()
        if hashlib.new(data.kind, packed).hexdigest() != data.digest:
            raise DigestMismatch(f"{where} is not what repomd.xml names")
        parts, size = [], 0
        for piece in inflate(iter([packed]), where):
            size += len(piece)
            if size > _INDEX_LIMIT or (data.open_size and size > data.open_size):
                raise LimitExceeded(f"{where} inflates to more than {size - 1} bytes")
            parts.append(piece)
        return b"".join(parts)

    def _take(self, index: bytes, url: str, source: RpmSource) -> None:
        for match in _PACKAGE.finditer(index):
            text = match[0]
            if not (name := _NAME.search(text)):
                continue
            self._packages.setdefault(name[1], []).append((text, url, source))
            for block in _PROVIDES.findall(text):
                for given in _ENTRY_NAME.findall(block):
                    self._provided.setdefault(given, set()).add(name[1])
            for path in _FILE.findall(text):
                self._provided.setdefault(path, set()).add(name[1])
        self.paths |= {path.decode("utf-8", "replace") for path in _PATHS.findall(index)}
        self._parsed.clear()

    def offers(self, name: str) -> tuple[Deb, ...]:
        """Return the packages of a name, and those that provide it."""
        if name not in self._parsed:
            encoded = name.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;")
            encoded = encoded.replace(b">", b"&gt;")
            self._find_file(name)
            names = self._provided.get(encoded, set()) | {encoded}
            found = [
                self._package(*one)
                for each in sorted(names)
                for one in self._packages.get(each, ())
            ]
            self._parsed[name] = tuple(deb for deb in found if deb)
        return self._parsed[name]

    def _find_file(self, name: str) -> None:
        """Take the lists of all files where nothing else says who has a path."""
        if not name.startswith("/") or name.encode() in self._provided:
            return
        if not self.is_there(Relation(name)):
            self._read_files()

    def _read_files(self) -> None:
        for url, data in self._unread:
            for match in _FILES_OF.finditer(self._get(url, data)):
                for path in _FILE.findall(match[3]):
                    if (text := path.decode("utf-8", "replace")) in self.paths:
                        self._files.setdefault(match[1].decode(), []).append(text)
                        self._provided.setdefault(path, set()).add(match[2])
        if self._unread:
            self._unread = []
            self._parsed.clear()

    def _package(self, text: bytes, url: str, source: RpmSource) -> Deb | None:
        """Return a package; None where it is excluded, of a stream that is not enabled, broken."""
        wrapped = (
            b'<metadata xmlns:rpm="http://linux.duke.edu/metadata/rpm">' + text + b"</metadata>"
        )
        node = next(trees([wrapped], ("metadata",), ("package",), url))
        version = node.find("version")
        location, checksum, size = (node.find(n) for n in ("location", "checksum", "size"))
        if version is None or location is None or checksum is None or size is None:
            return None
        name, arch = node.findtext("name") or "", node.findtext("arch") or ""
        evr = nevra_version(version.get("epoch"), version.get("ver"), version.get("rel"))
        href, kind = location.get("href", ""), checksum.get("type", "")
        digest = (checksum.text or "").strip()
        if arch == "src" or excluded(name, arch, source.excludes) or _leads_out(href):
            return None
        if self._modular.get(f"{name}-{evr}.{arch}") is False:
            return None
        if _HASHES.get(kind) != len(digest):
            return None
        at = f"{url}/{href}"
        self._from[at] = source
        fields = node.find("format")
        files = [file.text or "" for file in node.iter("file")] + self._files.get(digest, [])
        needs = needed(required(fields, "requires"), self.is_there)
        for clause in needs:
            self._find_file(clause[0].name)
        refuses, obsoletes = required(fields, "conflicts"), required(fields, "obsoletes")
        return Deb(
            name, evr, arch, evr, needs, (*refuses, *map(by_name, obsoletes)),
            provided(fields, files, self.paths, name, evr), "foreign", at,
            int(size.get("package", "0")), f"{kind}:{digest}",
        )  # fmt: skip

    def fetch(self, deb: Deb, path: str) -> str:
        """Write a package to a file; return its SHA-256.

        Raises DigestMismatch where it is not what the index says.
        """
        if deb.size > _LARGEST:
            raise LimitExceeded(f"{deb.at}: {deb.size} bytes")
        kind, _, digest = deb.digest.partition(":")
        hasher, sha256, size = hashlib.new(kind), hashlib.sha256(), 0
        with open(path, "wb") as file:
            for chunk in self._client.get(deb.at, limit=deb.size or _LARGEST).chunks():
                hasher.update(chunk)
                sha256.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if hasher.hexdigest() != digest or size != deb.size:
            raise DigestMismatch(f"{deb.at} is not the package that the index names "
                                 f"({kind} {hasher.hexdigest()} instead of {digest})")  # fmt: skip
        return sha256.hexdigest()


def _leads_out(href: str) -> bool:
    parts = href.split("/")
    return not href or href.startswith("/") or ".." in parts or ":" in parts[0]


def _listed(data: bytes, where: str) -> dict[str, _Data]:
    found = {}
    for node in trees([data], ("repomd",), ("data",), where):
        location, checksum = node.find("location"), node.find("checksum")
        if location is None or checksum is None or _leads_out(location.get("href", "")):
            continue
        kind, digest = checksum.get("type", ""), (checksum.text or "").strip()
        size = (node.findtext("open-size") or "").strip()
        if _HASHES.get(kind) == len(digest):
            found[node.get("type", "")] = _Data(
                location.get("href", ""), kind, digest, int(size) if size.isdigit() else 0
            )
    return found


def _metalink(data: bytes, where: str) -> tuple[list[str], set[str]]:
    """Return where a repository is, and the digests that its repomd.xml may have."""
    digests, urls = set(), []
    for file in trees([data], ("metalink",), ("file",), where):
        if file.get("name") != "repomd.xml":
            continue
        digests |= {(n.text or "").strip() for n in _all(file, "hash") if n.get("type") == "sha256"}
        found = [(n.text or "").strip() for n in _all(file, "url")]
        urls += [u.removesuffix("/repodata/repomd.xml") for u in found if u.startswith("http")]
    if not digests:
        raise MalformedError("the metalink has no SHA-256 of repomd.xml", where)
    return urls, digests


def _all(node: Element, name: str) -> Iterator[Element]:
    return (one for one in node.iter() if one.tag.rpartition("}")[2] == name)
