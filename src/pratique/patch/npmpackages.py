"""What a registry of npm has of a package, and its tarballs.

https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urljoin

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder

from pratique.ecosystems.semver import npm
from pratique.errors import MalformedError, NotFound, PratiqueError
from pratique.net import Client
from pratique.npm_registry import registry_by, settings
from pratique.patch.npmtarballs import Tarball, verify

_ACCEPT = {"Accept": "application/vnd.npm.install-v1+json"}
_PAGE, _TARBALL = 128 << 20, 256 << 20
_FINISHED = re.compile(r"\d+\.\d+\.\d+(?:\+[\w.-]+)?")


class Dist(Struct, frozen=True):
    tarball: str = ""
    integrity: str = ""


class Release(Struct, rename="camel"):
    """A version of a package."""

    version: str = ""
    dist: Dist = Dist()
    has_install_script: bool = False
    os: Any = None
    cpu: Any = None
    engines: Any = None
    dependencies: Any = None
    deprecated: Any = None


class _Packument(Struct):
    versions: dict[str, Release] = {}


_PACKUMENT = Decoder(_Packument)


class Fetched(Struct):
    """A tarball that is what the registry names."""

    tarball: Tarball
    url: str
    digest: str
    """`sha256:<hex>`."""


class Registry:
    """Asks the registry that npm is set up with; each thing once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._settings = tuple(settings())
        self._pages: dict[str, dict[str, Release]] = {}
        self._tarballs: dict[tuple[str, str], Fetched] = {}

    def prefetch(self, names: Iterable[str]) -> None:
        """Ask for several packages side by side; what fails is asked again when it is needed."""

        def ask(name: str) -> None:
            with suppress(PratiqueError):
                self.releases(name)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, sorted(set(names))))

    def releases(self, name: str) -> dict[str, Release]:
        """Return the finished versions of a package; raises SourceError and MalformedError."""
        if name not in self._pages:
            url = self._url(name)
            try:
                data = self._client.get(url, _ACCEPT, _PAGE).read()
                found = _PACKUMENT.decode(data).versions
            except NotFound:
                found = {}
            except (DecodeError, ValidationError) as error:
                raise MalformedError(f"the registry says nonsense: {error}", url) from error
            self._pages[name] = {
                version: release for version, release in found.items()
                if _FINISHED.fullmatch(version)
            }  # fmt: skip
        return self._pages[name]

    def fetch(self, name: str, version: str) -> Fetched:
        """Return a tarball; raises DigestMismatch where it is not what the registry names."""
        if (name, version) not in self._tarballs:
            dist, url = self.releases(name)[version].dist, self.url(name, version)
            data = self._client.get(url, limit=_TARBALL).read()
            verify(data, dist.integrity, url)
            digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
            tarball = Tarball(data, url.rpartition("/")[2])
            self._tarballs[name, version] = Fetched(tarball, url, digest)
        return self._tarballs[name, version]

    def url(self, name: str, version: str) -> str:
        """Return where a tarball is."""
        return urljoin(f"{self._url(name)}/", self.releases(name)[version].dist.tarball)

    def _url(self, name: str) -> str:
        return f"{registry_by(self._settings, name)}/{quote(name, safe='@')}"


def release_of(manifest: Mapping[str, Any]) -> Release:
    """Return a package.json as a release: what a registry says of it may be something else."""
    return Release(os=manifest.get("os"), cpu=manifest.get("cpu"), engines=manifest.get("engines"))


def order(version: str) -> tuple[int, Any]:
    """Return what versions are sorted by; what is none comes first."""
    try:
        return 1, npm.version_key(version)
    except ValueError:
        return 0, version
