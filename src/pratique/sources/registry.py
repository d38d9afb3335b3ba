"""Images in a registry, read over HTTP without any engine: the OCI distribution specification.

https://github.com/opencontainers/distribution-spec; Docker's token authentication:
https://distribution.github.io/distribution/spec/auth/. Every byte is verified against the digest
that it was asked by; what a mirror gives as much as what the origin does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from pratique.codecs import attachments, oci, reference
from pratique.credentials import Credentials
from pratique.endpoint import MANIFEST_LIMIT, Endpoint, hasher_of
from pratique.errors import (
    DigestMismatch,
    LimitExceeded,
    MalformedError,
    NotFound,
    PratiqueError,
    SourceError,
    Unavailable,
)
from pratique.model.image import Digest, Image, Layer
from pratique.net import Client, Response, shown

if TYPE_CHECKING:  # 6 ms to import
    pass

_CONFIG_LIMIT = 32 << 20
_ATTACHED_LIMIT = 256 << 20
_ATTESTATION_LIMIT = 128 << 20
_MOST_IMAGES = 200  # of one index
_DEEPEST = 3  # indexes in indexes
_MOST_PAGES = 100


class Registry:
    """One image reference at a registry, or at one of its mirrors; see `Source`."""

    def __init__(  # noqa: PLR0913 - what a user may say of a registry
        self,
        name: str,
        *,
        username: str = "",
        password: str = "",
        token: str = "",
        insecure: bool = False,
        cacert: str = "",
        mirrors: Mapping[str, Sequence[str]] | None = None,
        timeout: float = 60,
        client: Client | None = None,
    ) -> None:
        """Take `[registry/]repository[:tag][@digest]`.

        A name, a password or a token given here go to the registry itself, never to a mirror;
        without them it is Docker's and Podman's configuration that says who we are.
        `mirrors`: for a registry's host, places that are asked before it, `[http://]host[/path]`.
        """
        self._name = name
        self._reference = reference.parse(name)
        self._client = client or Client(cacert=cacert, insecure=insecure, timeout=timeout)
        host, repository = self._reference.registry, self._reference.repository
        given = Credentials(username, password, registry_token=token, origin="given credentials")
        self._origin = Endpoint(self._client, "", host, repository, credentials=given or None)
        self._endpoints = [
            Endpoint(self._client, *_mirror(place, repository), credentials=None)
            for place in (mirrors or {}).get(host, ())
        ]
        self._endpoints.append(self._origin)

    def images(self, platform: str = "") -> tuple[Image, ...]:
        """Return the images for a platform, as `Source.images` tells."""
        data, digest = self._manifest(self._reference.digest or self._reference.tag)
        return oci.matching(tuple(self._read(data, (digest,), platform)), platform, self._name)

    def open(self, layer: Layer) -> Iterator[bytes]:
        """Return a layer's blob, as `Source.open` tells; NotFound for one kept elsewhere."""
        if layer.urls:
            message = f"layer {layer.digest} is not in the registry but at {shown(layer.urls[0])}"
            raise NotFound(message, "Foreign layers, of Windows for example, are not fetched.")
        return self._blob(layer.digest, layer.size)

    def attached(self, image: Image) -> Iterator[tuple[str, bytes]]:
        """Yield what is attached to an image and may be an SBOM: its digest and its content.

        The digests of an image are those of the indexes that it is in, then its own.
        """
        digests = [known.rpartition("@")[2] for known in image.digests]
        for manifest in attachments.manifests(digests, self._document, self._referrers):
            for blob in attachments.documents(manifest):
                pieces = self._blob(Digest(blob.digest), blob.size, _ATTACHED_LIMIT)
                yield blob.digest, b"".join(pieces)

    def attestations(
        self, image: Image, predicates: Sequence[str]
    ) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Yield what may be statements of some predicates about an image: digest and content.

        `predicates` are the beginnings of their types. What is asked for the content raises
        PratiqueError where it cannot be had, is too large, or is not what the digest says.
        """
        digests = [known.rpartition("@")[2] for known in image.digests]
        seen: set[str] = set()
        found = attachments.attestations(digests, self._document, self._referrers, predicates)
        for blob in found:
            if blob.digest not in seen:
                seen.add(blob.digest)
                yield blob.digest, partial(self._attestation, blob)

    def _attestation(self, blob: oci.Descriptor) -> bytes:
        if blob.size > _ATTESTATION_LIMIT:
            limit = f"the limit of {_ATTESTATION_LIMIT >> 20} MiB"
            raise LimitExceeded(f"{blob.digest} has {blob.size:,} bytes, more than {limit}")
        return b"".join(self._blob(Digest(blob.digest), blob.size, _ATTESTATION_LIMIT))

    def tags(self) -> list[str]:
        """Return the tags of the repository, as far as its list goes in 100 pages."""
        found: list[str] = []
        for endpoint in self._endpoints:
            try:
                for _ in range(_MOST_PAGES):
                    last = f"&last={quote(found[-1])}" if found else ""
                    answer = endpoint.get(f"tags/list?n=1000{last}", limit=MANIFEST_LIMIT)
                    more, page = "link" in answer.headers, oci.read_tags(answer.read(), self._name)
                    found += page
                    if not (more and page):
                        break
            except (NotFound, Unavailable, MalformedError):
                if endpoint is self._origin:
                    raise
                continue
            return found
        return found

    def digest(self, tag: str) -> str:
        """Return the digest that a tag has now."""
        return self._manifest(tag)[1]

    def close(self) -> None:
        self._client.close()

    def _document(self, name: str) -> oci.Index | oci.Manifest | None:
        """Return a manifest or an index, None where there is none of that name."""
        try:
            return oci.read(self._manifest(name)[0], f"{self._name} ({name})")
        except NotFound:
            return None

    def _referrers(self, digest: str) -> oci.Index:
        """Return what refers to a digest, by the registry's list or by the tag in its place."""
        for endpoint in self._endpoints:
            try:
                answer = endpoint.get(f"referrers/{digest}", limit=MANIFEST_LIMIT).read()
                return oci.read_index(answer, f"{self._name} (referrers of {digest})")
            except (NotFound, MalformedError):
                continue
        found = self._document(attachments.fallback_tag(digest))
        return found if isinstance(found, oci.Index) else oci.Index()

    def _read(self, data: bytes, digests: tuple[str, ...], platform: str) -> Iterator[Image]:
        """Yield the images that a manifest or an index stands for; an index may hold others."""
        where = f"{self._name} ({digests[-1]})"
        document = oci.read(data, where)
        if isinstance(document, oci.Manifest):
            yield self._assemble(document, digests, where)
            return
        chosen = oci.choose(document, platform, self._name)
        if len(digests) > _DEEPEST or len(chosen) > _MOST_IMAGES:
            raise MalformedError("the index holds too many images, or indexes too deep", where)
        for entry in chosen:
            child, digest = self._manifest(entry.digest)
            yield from self._read(child, (*digests, digest), platform)

    def _assemble(self, manifest: oci.Manifest, digests: tuple[str, ...], where: str) -> Image:
        if manifest.config.size > _CONFIG_LIMIT:
            raise LimitExceeded(f"{where}: the configuration has {manifest.config.size} bytes")
        blob = self._blob(Digest(manifest.config.digest), manifest.config.size, _CONFIG_LIMIT)
        config = b"".join(blob)
        known, tag = self._reference.name, self._reference.tag
        return oci.assemble(
            self._name,
            manifest,
            config,
            where,
            tags=(f"{known}:{tag}",) if tag else (),
            digests=tuple(f"{known}@{digest}" for digest in digests),
        )

    def _manifest(self, name: str) -> tuple[bytes, str]:
        """Return a manifest and its digest; the place that has it is asked first from then on."""
        failures = []
        for endpoint in self._endpoints:
            try:
                found = endpoint.manifest(name)
            except (SourceError, LimitExceeded) as error:
                failures.append((endpoint, error))
                continue
            others = [other for other in self._endpoints if other is not endpoint]
            self._endpoints = [endpoint, *others]
            return found
        raise _all_failed(self._name, failures, self._origin)

    def _blob(self, digest: Digest, size: int, limit: int = 0) -> Iterator[bytes]:
        failures = []
        for endpoint in self._endpoints:
            try:
                response = endpoint.get(f"blobs/{digest}", limit=limit)
            except SourceError as error:
                failures.append((endpoint, error))
                continue
            yield from _verified(response, digest, size, endpoint.host)
            return
        raise _all_failed(self._name, failures, self._origin)


def _mirror(place: str, repository: str) -> tuple[str, str, str]:
    """Return scheme, host and repository at a mirror, which may keep them below a path."""
    scheme, separator, rest = place.rpartition("://")
    host, _, path = rest.strip("/").partition("/")
    return scheme if separator else "", host, f"{path}/{repository}".strip("/")


def _verified(response: Response, digest: Digest, size: int, host: str) -> Iterator[bytes]:
    """Yield a body while its digest is taken; DigestMismatch at the end, or past its size."""
    hasher, count = hasher_of(digest), 0
    for piece in response.chunks():
        hasher.update(piece)
        count += len(piece)
        if size and count > size:
            raise DigestMismatch(f"{host} gave more than the {size} bytes of {digest}")
        yield piece
    actual = f"{hasher.name}:{hasher.hexdigest()}"
    if actual != digest:
        raise DigestMismatch(f"{host} gave {actual} ({count} bytes) for {digest} ({size} bytes)")


def _all_failed(
    name: str, failures: Sequence[tuple[Endpoint, PratiqueError]], origin: Endpoint
) -> PratiqueError:
    """Return the origin's error, and what the mirrors said."""
    main = next(error for endpoint, error in failures if endpoint is origin)
    others = "; ".join(f"{endpoint.host}: {e.message}" for endpoint, e in failures if e is not main)
    failed = type(main)(
        f"{name}: {main.message}" + (f" (tried as well: {others})" if others else ""), main.hint
    )
    failed.__cause__ = main
    return failed
