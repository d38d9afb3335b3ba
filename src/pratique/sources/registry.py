"""Images in a registry, read over HTTP without any engine: the OCI distribution specification.

https://github.com/opencontainers/distribution-spec; Docker's token authentication:
https://distribution.github.io/distribution/spec/auth/. Every byte is verified against the digest
that it was asked by; what a mirror gives as much as what the origin does.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from msgspec import Struct

from pratique import credentials
from pratique.codecs import attachments, oci, reference
from pratique.codecs.challenge import challenges
from pratique.credentials import Credentials
from pratique.errors import (
    DigestMismatch,
    LimitExceeded,
    MalformedError,
    NotFound,
    PratiqueError,
    SourceError,
    Unauthorized,
    Unavailable,
)
from pratique.model.image import Digest, Image, Layer
from pratique.net import Client, Request, Response, basic, is_loopback, shown

if TYPE_CHECKING:  # 6 ms to import
    import hashlib

_MANIFEST_LIMIT = 8 << 20  # registries refuse more than 4 MiB
_CONFIG_LIMIT = 32 << 20
_ATTACHED_LIMIT = 256 << 20
_ATTESTATION_LIMIT = 128 << 20
_TOKEN_LIMIT = 1 << 20
_MOST_IMAGES = 200  # of one index
_DEEPEST = 3  # indexes in indexes
_MOST_PAGES = 100
_HUB_HOST = "registry-1.docker.io"
_UNKNOWN = "sha256:" + "0" * 64
_ALGORITHMS = ("sha256", "sha384", "sha512")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_SPEAKS_HTTP = (401, 403, 404, 429, 500, 502, 503, 504)  # 400 is HTTP sent to a port of HTTPS
_LIFETIME = 60.0  # seconds, where a token server does not say


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
                    answer = endpoint.get(f"tags/list?n=1000{last}", limit=_MANIFEST_LIMIT)
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
                answer = endpoint.get(f"referrers/{digest}", limit=_MANIFEST_LIMIT).read()
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


class Endpoint:
    """A repository at one host, also for what is no image."""

    def __init__(
        self,
        client: Client,
        scheme: str,
        registry: str,
        repository: str,
        *,
        credentials: Credentials | None,
    ) -> None:
        self.host = _HUB_HOST if registry == reference.HUB else registry
        self._client = client
        self._repository = repository
        self._schemes = (scheme,) if scheme else _schemes(self.host, client.insecure)
        self._login = _Login(client, registry, repository, credentials)

    def manifest(self, name: str) -> tuple[bytes, str]:
        """Return a manifest by tag or digest, and the digest that it has."""
        headers = {"Accept": oci.ACCEPT}
        response = self.get(f"manifests/{name}", headers, _MANIFEST_LIMIT)
        data = response.read()
        stated = name if ":" in name else response.headers.get("docker-content-digest", "")
        hasher = _hasher(stated or _UNKNOWN)
        hasher.update(data)
        actual = f"{hasher.name}:{hasher.hexdigest()}"
        if stated and actual != stated:
            raise DigestMismatch(f"{self.host} gave a manifest that is {actual}, not {stated}")
        return data, actual

    def get(self, path: str, headers: Mapping[str, str] | None = None, limit: int = 0) -> Response:
        return self.send(Request(self.url(path), headers=headers or {}, limit=limit))

    def url(self, path: str) -> str:
        """Return the address of what is in this repository."""
        return f"{self._scheme()}://{self.host}/v2/{self._repository}/{path}"

    def send(self, request: Request) -> Response:
        """Return the answer to a request; who we are is told to this host alone."""
        if request.url.startswith(f"{self._scheme()}://{self.host}/"):
            request = msgspec.structs.replace(request, auth=self._login)
        try:
            return self._client.send(request)
        except Unauthorized as error:
            raise Unauthorized(error.message, error.hint or self._login.advice()) from error

    def _scheme(self) -> str:
        """Return how the host speaks, which is tried out where it may be either way."""
        failures = []
        for scheme in self._schemes if len(self._schemes) > 1 else ():
            url = f"{scheme}://{self.host}/v2/"
            try:
                self._client.send(Request(url, accepted=_SPEAKS_HTTP, tries=1)).close()
            except SourceError as error:
                failures.append(error.message)
                continue
            self._schemes = (scheme,)
        if len(self._schemes) > 1:
            raise Unavailable("; ".join(failures))
        return self._schemes[0]


class _Token(Struct):
    """What a token server answers."""

    token: str | None = None
    access_token: str | None = None
    expires_in: float | None = None


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_ANSWER = msgspec.json.Decoder(_Token, strict=False)


class _Login:
    """Being let in at one repository: an `Authorizer` by name and password, or by a token."""

    def __init__(
        self, client: Client, registry: str, repository: str, given: Credentials | None
    ) -> None:
        self._client = client
        self._registry = registry
        self._repository = repository
        self._credentials = given
        self._lock = threading.Lock()
        self._header = ""
        self._until = 0.0

    def headers(self) -> dict[str, str]:
        is_good = self._header and time.monotonic() < self._until
        return {"Authorization": self._header} if is_good else {}

    def renew(self, challenge: str, refused: Mapping[str, str]) -> bool:
        with self._lock:
            current = self.headers()
            if current and current != refused:
                return True  # another thread was here in between
            if self._credentials is None:
                self._credentials = credentials.find(self._registry, self._repository)
            header, lifetime = self._answer(dict(challenges(challenge)), self._credentials)
            self._header, self._until = header, time.monotonic() + lifetime
            return header not in ("", refused.get("Authorization"))

    def advice(self) -> str:
        """Return what may be wrong with who we are."""
        who = Credentials() if self._credentials is None else self._credentials
        if who:
            return f"The credentials come from: {who.origin}."
        login = (
            f"docker login {self._registry}" if self._registry != reference.HUB else "docker login"
        )
        return who.problem or f"Is the name right? If so, it may need `{login}`, or --username."

    def _answer(self, wanted: dict[str, dict[str, str]], who: Credentials) -> tuple[str, float]:
        """Return the Authorization that answers a challenge, and the seconds that it is good."""
        always = float("inf")
        if who.registry_token:
            return f"Bearer {who.registry_token}", always
        if "bearer" in wanted:
            token = self._token(wanted["bearer"], who)
            return f"Bearer {token.token}", 0.8 * (token.expires_in or _LIFETIME)
        if "basic" in wanted and who.username:
            return basic(who.username, who.password), always
        return "", 0

    def _token(self, wanted: dict[str, str], who: Credentials) -> _Token:
        from urllib.parse import urlencode  # noqa: PLC0415 - http.client needs it too

        realm = self._realm(wanted.get("realm", ""))
        scopes = wanted.get("scope") or f"repository:{self._repository}:pull"
        form = [("service", wanted.get("service", ""))]
        if who.identity_token:
            secret = [("grant_type", "refresh_token"), ("refresh_token", who.identity_token)]
            form += [("scope", scopes), ("client_id", "pratique"), *secret]
            return self._ask(Request(realm, "POST", _FORM, urlencode(form).encode()))
        form += [("scope", scope) for scope in scopes.split()]
        headers = {"Authorization": basic(who.username, who.password)} if who.username else {}
        url = f"{realm}{'&' if '?' in realm else '?'}{urlencode(form)}"
        return self._ask(Request(url, headers=headers))

    def _realm(self, realm: str) -> str:
        """Return the token server's URL, unless it would take a password in the clear."""
        from urllib.parse import urlsplit  # noqa: PLC0415 - http.client needs it too

        try:
            parts = urlsplit(realm)
        except ValueError:
            parts = urlsplit("")
        is_safe = self._client.insecure or is_loopback(parts.hostname or "")
        if parts.scheme == "https" or (parts.scheme == "http" and is_safe):
            return realm
        advice = "--insecure allows it." if parts.scheme == "http" else ""
        raise Unauthorized(f"{self._registry} wants us to log in at {shown(realm)!r}", advice)

    def _ask(self, request: Request) -> _Token:
        data = self._client.send(msgspec.structs.replace(request, limit=_TOKEN_LIMIT)).read()
        try:
            found = _ANSWER.decode(data)
        except (msgspec.MsgspecError, UnicodeError):
            raise Unauthorized(f"{shown(request.url)} gave no token that can be read") from None
        found.token = found.token or found.access_token or ""
        if not _TOKEN.fullmatch(found.token):
            raise Unauthorized(f"{shown(request.url)} gave no token")
        return found


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _mirror(place: str, repository: str) -> tuple[str, str, str]:
    """Return scheme, host and repository at a mirror, which may keep them below a path."""
    scheme, separator, rest = place.rpartition("://")
    host, _, path = rest.strip("/").partition("/")
    return scheme if separator else "", host, f"{path}/{repository}".strip("/")


def _schemes(host: str, insecure: bool) -> tuple[str, ...]:  # noqa: FBT001 - a flag of the user
    if is_loopback(re.sub(r":\d+$", "", host)):
        return ("http", "https")
    return ("https", "http") if insecure else ("https",)


def _verified(response: Response, digest: Digest, size: int, host: str) -> Iterator[bytes]:
    """Yield a body while its digest is taken; DigestMismatch at the end, or past its size."""
    hasher, count = _hasher(digest), 0
    for piece in response.chunks():
        hasher.update(piece)
        count += len(piece)
        if size and count > size:
            raise DigestMismatch(f"{host} gave more than the {size} bytes of {digest}")
        yield piece
    actual = f"{hasher.name}:{hasher.hexdigest()}"
    if actual != digest:
        raise DigestMismatch(f"{host} gave {actual} ({count} bytes) for {digest} ({size} bytes)")


def _hasher(digest: str) -> hashlib._Hash:
    import hashlib  # noqa: PLC0415 - 6 ms

    algorithm = digest.partition(":")[0]
    if not reference.is_digest(digest) or algorithm not in _ALGORITHMS:
        raise DigestMismatch(f"{digest[:80]!r} is no digest that can be verified")
    return hashlib.new(algorithm)


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
