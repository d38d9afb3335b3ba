"""Repositories of RPM packages: what they have, each by a checksum that a signature vouches for.

https://docs.pulpproject.org and createrepo_c have the form: repodata/repomd.xml, primary.xml.
"""

from __future__ import annotations

import configparser
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs import xmltree
from pratique.codecs.compression import inflate
from pratique.codecs.debrelation import Relation
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError, NotFound
from pratique.net import Client
from pratique.patch.openpgp import certificates, verify_detached
from pratique.patch.resolution import Deb
from pratique.patch.root import Root
from pratique.patch.rpmrelations import is_rich, package, relation

_FOLDERS = ("etc/yum.repos.d", "etc/zypp/repos.d", "etc/distro.repos.d")
_VARIABLES = ("etc/dnf/vars", "etc/yum/vars", "etc/zypp/vars.d")
_KEYS = ("etc/pki/rpm-gpg", "usr/share/distribution-gpg-keys", "usr/lib/rpm/gnupg/keys")
_SIGNS = {"EQ": 8, "LT": 2, "GT": 4, "LE": 10, "GE": 12}
_SMALL, _LARGE, _LARGEST = 16 << 20, 1 << 30, 4 << 30
_MOST_MIRRORS = 5


class Repository(Struct, frozen=True):
    """One repository as the image names it."""

    name: str
    urls: tuple[str, ...]
    """Where it is, the first that answers counts."""
    lists: tuple[str, ...] = ()
    """Where that is to be asked: lists of mirrors, metalinks."""
    excludes: tuple[str, ...] = ()


class Offered(Struct, frozen=True):
    """A package of a repository."""

    deb: Deb
    rich: frozenset[str]
    """What it needs in rich words."""
    algorithm: str
    is_vouched: bool
    """Whether the repository's index is signed by a key of the image."""


def repositories_of(
    root: Root, release: str, arch: str, mirrors: Sequence[str]
) -> list[Repository]:
    """Return where an image gets its packages from, or what is to stand in for that."""
    if mirrors:
        return [Repository(url, (url,)) for url in mirrors]
    words = {"releasever": release, "basearch": arch, "arch": arch, "releasever_major":
             release.partition(".")[0], **_variables(root)}  # fmt: skip
    found: list[Repository] = []
    for folder in _FOLDERS:
        for path in root.files(folder):
            if path.endswith(".repo"):
                text = (root.read(path) or b"").decode("utf-8", "replace")
                found += _repositories(text, words, path)
    return found


def _variables(root: Root) -> dict[str, str]:
    paths = [path for folder in _VARIABLES for path in root.files(folder)]
    return {path.rpartition("/")[2]: (root.read(path) or b"").decode("utf-8", "replace").strip()
            for path in paths}  # fmt: skip


def _repositories(text: str, words: Mapping[str, str], path: str) -> Iterator[Repository]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise MalformedError(str(error).partition("\n")[0], path) from error
    for name in parser.sections():
        if name == "main" or parser[name].get("enabled", "1").strip().lower() not in (
            "1",
            "true",
            "yes",
        ):
            continue
        given = {key: _filled(value, words) for key, value in parser[name].items()}
        lists = tuple(given[key] for key in ("metalink", "mirrorlist") if given.get(key))
        excluded = given.get("excludepkgs") or given.get("exclude", "")
        urls = tuple(given.get("baseurl", "").split())
        yield Repository(name, urls, lists, tuple(re.split(r"[\s,]+", excluded)))


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda match: words.get(match[1], match[0]), text)


class Repositories:
    """What all repositories of an image have."""

    def __init__(
        self, root: Root, client: Client, keyrings: Sequence[bytes], imported: Sequence[bytes]
    ) -> None:
        self._client = client
        paths = [path for folder in _KEYS for path in root.files(folder)]
        rings = [data for path in paths if (data := root.read(path))]
        self._certs = certificates([*rings, *imported, *keyrings])
        self._offers: dict[str, list[Offered]] = {}
        self.notes: list[str] = []
        self.by_url: dict[str, Offered] = {}

    @property
    def certs(self) -> Sequence[Any]:
        return self._certs

    def offers(self, name: str) -> list[Offered]:
        """Return the packages that have a name, or provide it."""
        return self._offers.get(name, [])

    def read(self, repository: Repository, arches: Iterable[str]) -> None:
        """Read an index; raises SourceError where none of its places answers."""
        errors = []
        for url in [*repository.urls, *self._mirrors(repository)][:_MOST_MIRRORS]:
            try:
                self._read(url.rstrip("/") + "/", repository, frozenset(arches))
            except (NotFound, ConnectionError) as error:
                errors.append(error)
            else:
                return
        if errors:
            raise errors[0]
        self.notes.append(f"{repository.name}: left out, it is not to be had by HTTP")

    def fetch(self, deb: Deb, path: str) -> str:
        """Write a package to a file; return its SHA-256.

        Raises DigestMismatch where it is not what the index says.
        """
        offered = self.by_url[deb.at]
        if deb.size > _LARGEST:
            raise LimitExceeded(f"{deb.at}: {deb.size} bytes")
        hashers = [hashlib.sha256(), hashlib.new(offered.algorithm)]
        with open(path, "wb") as file:
            for chunk in self._client.get(deb.at, limit=deb.size or _LARGEST).chunks():
                for hasher in hashers:
                    hasher.update(chunk)
                file.write(chunk)
        if hashers[1].hexdigest() != deb.digest:
            raise DigestMismatch(f"{deb.at} is not the package that the index names "
                                 f"({hashers[1].hexdigest()} instead of {deb.digest})")  # fmt: skip
        return hashers[0].hexdigest()

    def _mirrors(self, repository: Repository) -> Iterator[str]:
        """Yield what lists of mirrors name; of a metalink the folder above repodata."""
        for url in repository.lists:
            text = self._get(url, _SMALL).decode("utf-8", "replace")
            found = re.findall(r"https?://[^\s<\"']+", text)
            for one in found:
                if one.endswith("/repodata/repomd.xml"):
                    yield one.removesuffix("repodata/repomd.xml")
                elif "<metalink" not in text:
                    yield one

    def _read(self, base: str, repository: Repository, arches: frozenset[str]) -> None:
        if urlsplit(base).scheme not in ("http", "https"):
            raise NotFound(f"{base} is not to be had by HTTP")
        place = f"{base}repodata/repomd.xml"
        data = self._get(place, _SMALL)
        is_vouched = self._is_signed(data, place)
        href, algorithm, digest = _primary(data, place)
        packed = self._get(urljoin(base, href), _LARGE)
        if hashlib.new(algorithm, packed).hexdigest() != digest:
            raise DigestMismatch(f"{urljoin(base, href)} is not what repomd.xml names")
        chunks = inflate(iter([packed]), urljoin(base, href))
        for node in xmltree.trees(chunks, {"metadata"}, {"package"}, urljoin(base, href)):
            one = _offered(node, base, is_vouched=is_vouched)
            if (
                one
                and one.deb.arch in arches
                and not _is_excluded(one.deb.name, repository.excludes)
            ):
                self._add(one)

    def _add(self, one: Offered) -> None:
        self.by_url[one.deb.at] = one
        for name in {one.deb.name, *(given.name for given in one.deb.provides)}:
            self._offers.setdefault(name, []).append(one)

    def _is_signed(self, data: bytes, place: str) -> bool:
        """Tell whether the index is signed; a signature that is there has to be good."""
        try:
            signature = self._get(f"{place}.asc", _SMALL)
        except NotFound:
            return False
        if not self._certs:
            return False
        verify_detached(data, signature, self._certs, place)
        return True

    def _get(self, url: str, limit: int) -> bytes:
        return self._client.get(url, limit=limit).read()


def _primary(data: bytes, where: str) -> tuple[str, str, str]:
    """Return where the index of packages is, and its checksum."""
    for node in xmltree.trees([data], {"repomd"}, {"data"}, where):
        if node.get("type") == "primary":
            location, checksum = node.find("location"), node.find("checksum")
            href = location.get("href") if location is not None else None
            if href and checksum is not None and checksum.text:
                return href, _algorithm(checksum.get("type") or "", where), checksum.text.strip()
    raise MalformedError("it names no primary index", where)


def _algorithm(name: str, where: str) -> str:
    if name not in ("sha256", "sha384", "sha512"):
        raise MalformedError(f"checksums by {name[:20]!r} prove nothing", where)
    return name


def _offered(node: Element, base: str, *, is_vouched: bool) -> Offered | None:
    """Return a package of the index; None for what is no binary package of RPM."""
    name, arch = xmltree.text(node, "name"), xmltree.text(node, "arch")
    version, checksum, location = (node.find(n) for n in ("version", "checksum", "location"))
    size, form = node.find("size"), node.find("format")
    if (version is None or checksum is None or location is None or form is None
            or arch in ("src", "nosrc", "")):  # fmt: skip
        return None
    algorithm = _algorithm(checksum.get("type") or "", base)
    requires = list(_entries(form, "requires"))
    deb = package(
        name, _evr(version), arch, requires,
        [*_entries(form, "conflicts"), *_entries(form, "obsoletes")], _entries(form, "provides"),
    )  # fmt: skip
    length = (size.get("package") if size is not None else "") or "0"
    deb = replace(
        deb, at=_place(base, location.get("href") or ""), digest=(checksum.text or "").strip(),
        size=int(length) if length.isdigit() else 0,
    )  # fmt: skip
    return Offered(deb, frozenset(r.name for r in requires if is_rich(r)), algorithm, is_vouched)


def _place(base: str, href: str) -> str:
    """Return the URL of a package, which is on the host of its repository."""
    url = urljoin(base, href)
    if urlsplit(url).netloc != urlsplit(base).netloc:
        raise MalformedError(f"it names a package of another host: {href[:100]}", base)
    return url


def _entries(form: Element, kind: str) -> Iterator[Relation]:
    node = form.find(kind)
    for entry in node if node is not None else ():
        flags = _SIGNS.get(entry.get("flags") or "", 0)
        yield relation(entry.get("name") or "", flags, _evr(entry) if flags else "")


def _evr(node: Element) -> str:
    epoch, version, release = (node.get(key) or "" for key in ("epoch", "ver", "rel"))
    front = f"{epoch}:" if epoch not in ("", "0") else ""
    return f"{front}{version}" + (f"-{release}" if release else "")


def _is_excluded(name: str, globs: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few repositories exclude anything

    return any(glob and fnmatchcase(name, glob) for glob in globs)
