"""Packages of Alpine's repositories: signatures and checksums are verified, or nothing is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from pratique.codecs import apkpackage
from pratique.codecs.apkpackage import Signature, relation
from pratique.codecs.debrelation import Relation
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError, UsageError
from pratique.net import Client
from pratique.patch.resolution import Deb
from pratique.patch.root import Root

_INDEX_LIMIT = 256 << 20
_LARGEST = 4 << 30
_KEYS = ("etc/apk/keys", "usr/share/apk/keys")


def repositories_of(root: Root, mirrors: Sequence[str]) -> list[str]:
    """Return where an image gets its packages from, or what is to stand in for that.

    A mirror is a repository of its own where the image names none; otherwise a host that has the
    image's repositories by their paths. Those with a tag (`@edge …`) are for what asks for them.
    """
    found = []
    for path in ["etc/apk/repositories", *root.files("etc/apk/repositories.d")]:
        for line in (root.read(path) or b"").decode("utf-8", "replace").splitlines():
            text = line.partition("#")[0].strip()
            if text and not text.startswith("@"):
                found.append(text.rstrip("/"))
    hosts = [mirror.strip().rstrip("/") for mirror in mirrors]
    if hosts and found:
        found = [hosts[0] + urlsplit(url).path for url in found]
    found = list(dict.fromkeys(found or hosts))
    if not found:
        advice = "name one: --mirror https://dl-cdn.alpinelinux.org/alpine/v3.20/main"
        raise UsageError("the image names no repository that packages could come from", advice)
    return found


class Repositories:
    """What the repositories of an image offer."""

    def __init__(self, root: Root, client: Client, arch: str, keys: Iterable[bytes] = ()) -> None:
        self._root = root
        self._client = client
        self._arch = arch
        self._keys = tuple(keys)
        self._offers: dict[str, list[Deb]] = {}
        self.lines: dict[str, list[str]] = {}
        """The lines of the index for each package, by where it is."""

    def read(self, url: str) -> None:
        """Take the index of a repository; raise what is wrong with it."""
        where = f"{url}/{self._arch}/APKINDEX.tar.gz"
        data = self._client.get(where, limit=_INDEX_LIMIT).read()
        signatures, signed, index = apkpackage.signed_index(data, where)
        self._verify(signatures, signed, where)
        for lines in apkpackage.entries(index):
            package = package_of(lines, f"{url}/{self._arch}")
            if package and re.fullmatch(r"[\w.+-]+", f"{package.name}-{package.version}"):
                self.lines[package.at] = lines
                for name in {package.name, *(given.name for given in package.provides)}:
                    self._offers.setdefault(name, []).append(package)

    def offers(self, name: str) -> Sequence[Deb]:
        """Return the packages of a name, and those that provide it."""
        return self._offers.get(name, ())

    def fetch(self, package: Deb, path: str) -> str:
        """Write a package to a file; return its SHA-256.

        Raises DigestMismatch where it is not as large as stated; its checksum is of its parts.
        """
        if package.size > _LARGEST:
            raise LimitExceeded(f"{package.at}: {package.size} bytes")
        hasher, size = sha256(), 0
        with open(path, "wb") as file:
            for chunk in self._client.get(package.at, limit=package.size or _LARGEST).chunks():
                hasher.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if size != package.size:
            raise DigestMismatch(f"{package.at} has {size} bytes instead of {package.size}")
        return hasher.hexdigest()

    def _verify(self, signatures: Sequence[Signature], signed: bytes, where: str) -> None:
        """Raise MalformedError unless one of the image's keys made a signature."""
        for signature in signatures:
            named = (self._root.read(f"{folder}/{signature.key}") for folder in _KEYS)
            if any(_is_good(key, signature, signed) for key in (*named, *self._keys) if key):
                return
        names = ", ".join(signature.key for signature in signatures) or "nobody"
        advice = "keys are taken from /etc/apk/keys, and from --keyring FILE"
        raise MalformedError(f"the signature is not good (signed by {names[:200]})", where, advice)


def _is_good(key: bytes, signature: Signature, signed: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    except ImportError:
        raise UsageError("signatures of repositories cannot be verified without cryptography",
                         "pip install 'pratique[patch]'") from None  # fmt: skip
    kinds: dict[str, type[hashes.SHA1 | hashes.SHA256 | hashes.SHA512]]
    kinds = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}
    try:
        public = serialization.load_pem_public_key(key)
        if not isinstance(public, rsa.RSAPublicKey):
            return False
        public.verify(signature.value, signed, padding.PKCS1v15(), kinds[signature.algorithm]())
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def package_of(lines: Iterable[str], place: str = "") -> Deb | None:
    """Return the package of an entry of an index or of the database; None where it is broken."""
    fields: dict[str, str] = {}
    for line in lines:
        if line[:2] in ("F:", "R:"):
            break
        fields.setdefault(line[0], line[2:])
    name, version, size = fields.get("P", ""), fields.get("V", ""), fields.get("S", "0")
    if not (name and version and size.isdigit()):
        return None
    try:
        needs = tuple((one,) for one in _relations(fields.get("D", ""), excluded=False))
        refuses = tuple(_relations(fields.get("D", ""), excluded=True))
        provides = tuple(_relations(fields.get("p", ""), excluded=False))
    except ValueError:
        return None
    arch = fields.get("A", "")
    at = f"{place}/{name}-{version}.apk" if place else ""
    return Deb(name, version, "all" if arch == "noarch" else arch, version, needs, refuses,
               provides, "", at, int(size), fields.get("C", ""))  # fmt: skip


def _relations(text: str, *, excluded: bool) -> Iterator[Relation]:
    for word in text.split():
        if word.startswith("!") == excluded:
            yield relation(word)
