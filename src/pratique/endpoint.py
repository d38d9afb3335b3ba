"""A repository at one registry's host, over HTTP: who may ask, in which scheme, and what is said.

https://github.com/opencontainers/distribution-spec; Docker's token authentication:
https://distribution.github.io/distribution/spec/auth/.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from pratique import credentials
from pratique.codecs import oci, reference
from pratique.codecs.challenge import challenges
from pratique.credentials import Credentials
from pratique.errors import (
    DigestMismatch,
    SourceError,
    Unauthorized,
    Unavailable,
)
from pratique.net import Client, Request, Response, basic, is_loopback, shown

if TYPE_CHECKING:  # 6 ms to import
    import hashlib

MANIFEST_LIMIT = 8 << 20  # registries refuse more than 4 MiB
_TOKEN_LIMIT = 1 << 20
_HUB_HOST = "registry-1.docker.io"
_TOKEN = re.compile(r"[\x21-\x7e]+")
_SPEAKS_HTTP = (401, 403, 404, 429, 500, 502, 503, 504)  # 400 is HTTP sent to a port of HTTPS
_UNKNOWN = "sha256:" + "0" * 64
_ALGORITHMS = ("sha256", "sha384", "sha512")
_LIFETIME = 60.0  # seconds, where a token server does not say


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
        response = self.get(f"manifests/{name}", headers, MANIFEST_LIMIT)
        data = response.read()
        stated = name if ":" in name else response.headers.get("docker-content-digest", "")
        hasher = hasher_of(stated or _UNKNOWN)
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


def _schemes(host: str, insecure: bool) -> tuple[str, ...]:  # noqa: FBT001 - a flag of the user
    if is_loopback(re.sub(r":\d+$", "", host)):
        return ("http", "https")
    return ("https", "http") if insecure else ("https",)


def hasher_of(digest: str) -> hashlib._Hash:
    """Return what takes a digest of the same algorithm; DigestMismatch for what is no digest."""
    import hashlib  # noqa: PLC0415 - 6 ms

    algorithm = digest.partition(":")[0]
    if not reference.is_digest(digest) or algorithm not in _ALGORITHMS:
        raise DigestMismatch(f"{digest[:80]!r} is no digest that can be verified")
    return hashlib.new(algorithm)
