"""What a Maven repository has of an artifact: versions, what each needs, archives, checksums.

https://maven.apache.org/repository/layout.html. The repository is the one that Maven is set up
with; what is read of it is bounded, and an archive has to have the checksum that stands beside it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from io import BytesIO
from weakref import WeakKeyDictionary, proxy

from msgspec import Struct

from pratique.codecs.maven_graph import exact
from pratique.codecs.maven_model import Models
from pratique.codecs.window import Window
from pratique.errors import DigestMismatch, MalformedError, NotFound
from pratique.maven_repository import RELEASE, repository
from pratique.net import Client
from pratique.patch.javajars import Jar

_LOCAL = ".m2/repository/"
_TEXT, _ARCHIVE = 16 << 20, 512 << 20
_SHA1 = re.compile(r"\b[0-9a-fA-F]{40}\b")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+~-]*")
_AT_RUN_TIME = ("", "compile", "runtime")


_KNOWN: WeakKeyDictionary[Client, Releases] = WeakKeyDictionary()


def releases_by(client: Client) -> Releases:
    """Return what a client asks by: it is not asked twice for one thing."""
    if client not in _KNOWN:
        _KNOWN[client] = Releases(client)
    return _KNOWN[client]


class Fetched(Struct):
    """An archive that is what the repository says."""

    data: bytes
    jar: Jar
    url: str
    digest: str
    """`sha256:<hex>`."""


class Releases:
    """Asks a repository, for each thing once."""

    def __init__(self, client: Client) -> None:
        self._client: Client = proxy(client)  # by which it is found, and with which it goes
        self._base = repository()
        self._models = Models(self._load)
        self._versions: dict[str, Sequence[str]] = {}
        self._texts: dict[str, bytes | None] = {}
        self._needs: dict[tuple[str, str], dict[str, str] | None] = {}
        self._fetched: dict[tuple[str, str], Fetched] = {}

    def prefetch(self, name: str, *versions: str) -> None:
        """Ask for what is needed of some versions; raises SourceError and MalformedError."""
        for version in versions:
            self.checksum(name, version)
            self._text(_file(name, version, "pom"))

    def versions(self, name: str) -> Sequence[str]:
        """Return the versions of an artifact; raises SourceError and MalformedError."""
        if name not in self._versions:
            data = self._text(f"{_folder(name)}/maven-metadata.xml")
            self._versions[name] = RELEASE.findall((data or b"").decode("utf-8", "replace"))
        return self._versions[name]

    def needs(self, name: str, version: str) -> dict[str, str] | None:
        """Return what an artifact needs at run time, by name, and the least version of each; None
        where nothing is known of it.
        """
        key = name, version
        if key not in self._needs:
            model = self._models.released(name, version)
            self._needs[key] = None if model is None else {
                one.name: exact(one.fields.get("version", "")) for one in model.dependencies
                if one.fields.get("scope", "") in _AT_RUN_TIME
                and one.fields.get("optional") != "true"
                and (one.fields.get("type") or "jar") == "jar"
            }  # fmt: skip
        return self._needs[key]

    def checksum(self, name: str, version: str) -> str:
        """Return the SHA-1 that stands beside an archive, in hexadecimal; empty where none does."""
        data = self._text(f"{_file(name, version)}.sha1") or b""
        found = _SHA1.search(data.decode("ascii", "replace"))
        return found[0].lower() if found else ""

    def fetch(self, name: str, version: str) -> Fetched:
        """Return an archive; raises DigestMismatch where it is not what the repository says."""
        if (name, version) not in self._fetched:
            url = f"{self._base}/{_file(name, version)}"
            data = self._client.get(url, limit=_ARCHIVE).read()
            wanted, found = self.checksum(name, version), hashlib.sha1(data).hexdigest()  # noqa: S324 - what repositories have
            if found != wanted:
                instead = f"{found} instead of {wanted or 'any'}"
                raise DigestMismatch(f"{url} is not what the repository says (SHA-1 {instead})")
            digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
            jar = Jar(Window(BytesIO(data), len(data), url))
            self._fetched[name, version] = Fetched(data, jar, url, digest)
        return self._fetched[name, version]

    def _load(self, path: str) -> bytes | None:
        return self._text(path.removeprefix(_LOCAL)) if path.startswith(_LOCAL) else None

    def _text(self, path: str) -> bytes | None:
        if path not in self._texts:
            try:
                found = self._client.get(f"{self._base}/{path}", limit=_TEXT).read()
            except NotFound:
                found = None
            self._texts[path] = found
        return self._texts[path]


def _folder(name: str) -> str:
    group, _, artifact = name.partition(":")
    if not (_PART.fullmatch(group) and _PART.fullmatch(artifact)):
        raise MalformedError("no name of an artifact of Maven", name)
    return f"{group.replace('.', '/')}/{artifact}"


def _file(name: str, version: str, kind: str = "jar") -> str:
    if not _PART.fullmatch(version):
        raise MalformedError(f"no version: {version}", name)
    return f"{_folder(name)}/{version}/{name.partition(':')[2]}-{version}.{kind}"
