"""A registry's repository, read and written by the OCI distribution specification.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from pratique.artifacts.manifest import digest_in
from pratique.codecs import reference
from pratique.credentials import given
from pratique.endpoint import Endpoint
from pratique.errors import DigestMismatch, NotFound, SourceError, Unauthorized, UsageError
from pratique.model.settings import Settings
from pratique.net import Client, Request, Response, shown

_PIECE = 16 << 20
"""Bytes that are sent at once; registries refuse requests of some 100 MB."""
_TRIES = 4
_REDIRECTS = (301, 302, 303, 307, 308)
_BINARY = {"Content-Type": "application/octet-stream"}


class Remote:
    """What is under one name in a registry, and beside it: a database, attestations."""

    is_local = False

    def __init__(self, name: str, settings: Settings, client: Client | None = None) -> None:
        """Take `oci://registry/repository[:tag][@digest]`; raise UsageError for what is none."""
        self.name = name
        self.reference = reference.parse(name.removeprefix("oci://"))
        self._client = client or Client(insecure=settings.insecure, cacert=settings.cacert)
        who = given(settings, self.reference.registry)
        self._endpoint = Endpoint(
            self._client, "", self.reference.registry, self.reference.repository,
            credentials=who or None,
        )  # fmt: skip

    def manifest(self, tag: str = "") -> tuple[bytes, str]:
        return self._endpoint.manifest(tag or self.reference.digest or self.reference.tag)

    def blob(self, digest: str, size: int, start: int = 0) -> Iterator[bytes]:
        headers = {"Range": f"bytes={start}-"} if start else {}
        response = self._endpoint.send(Request(
            self._endpoint.url(f"blobs/{digest}"), headers=headers, limit=size,
            is_resumable=not start,
        ))  # fmt: skip
        return _from(response, start)

    def has(self, digest: str) -> bool:
        """Tell whether a blob is there."""
        url = self._endpoint.url(f"blobs/{digest}")
        try:
            # a redirect is to where it is
            self._endpoint.send(Request(url, "HEAD", accepted=_REDIRECTS)).close()
        except NotFound:
            return False
        return True

    def write(self, data: bytes) -> None:
        """Write a document that the registry lacks."""
        digest = digest_in(data)
        if not self.has(digest):
            self.upload(digest, io.BytesIO(data), len(data))

    def upload(self, digest: str, file: BinaryIO, size: int) -> None:
        """Write a blob, which the registry verifies; pieces that were lost are sent again."""
        place = self._place(self._post())
        sent = failures = 0
        while size - sent > _PIECE:
            piece = file.read(_PIECE)
            try:
                place = self._place(self._send(place, piece, sent))
            except (Unauthorized, NotFound):
                raise
            except SourceError:
                failures += 1
                if failures == _TRIES:
                    raise
                place, sent = self._arrived(place)
                file.seek(sent)
                continue
            sent += len(piece)
        joint = "&" if urlsplit(place).query else "?"
        url = f"{place}{joint}digest={digest}"
        self._ask(Request(url, "PUT", _BINARY, file.read(size - sent + 1))).close()

    def tag(self, data: bytes, media_type: str, tag: str = "") -> Mapping[str, str]:
        """Write a manifest under a tag or its digest; the tag of the name where none is given.

        Returns the headers of the answer, in lower case.
        """
        url = self._endpoint.url(f"manifests/{tag or self.reference.tag}")
        response = self._ask(Request(url, "PUT", {"Content-Type": media_type}, data))
        response.close()
        return response.headers

    def close(self) -> None:
        self._client.close()

    def check_writable(self) -> None:
        """Raise UsageError for a name that has a digest: that is not ours to choose."""
        if self.reference.digest or not self.reference.tag:
            raise UsageError(f"{self.name}: a database is pushed to a tag, not to a digest")

    def _post(self) -> Response:
        url = self._endpoint.url("blobs/uploads/")
        return self._ask(Request(url, "POST", body=b""))

    def _send(self, place: str, piece: bytes, start: int) -> Response:
        headers = {**_BINARY, "Content-Range": f"{start}-{start + len(piece) - 1}"}
        # once: what of it arrived has to be asked for
        return self._ask(Request(place, "PATCH", headers, piece, tries=1))

    def _arrived(self, place: str) -> tuple[str, int]:
        """Return where an upload goes on, and how many bytes of it the registry has."""
        response = self._ask(Request(place))
        last = response.headers.get("range", "").rpartition("-")[2]
        has_some = last.isascii() and last.isdigit() and last != "0"
        return self._place(response, place), int(last) + 1 if has_some else 0

    def _ask(self, request: Request) -> Response:
        return self._endpoint.send(request)

    def _place(self, response: Response, default: str = "") -> str:
        """Return where an upload goes on; never in the clear where it began by TLS."""
        here = default or self._endpoint.url("blobs/uploads/")
        place = urljoin(here, response.headers.get("location", default))
        response.close()
        is_safe = place.startswith("https://") or not here.startswith("https://")
        if not place.startswith("http") or not (is_safe or self._client.insecure):
            raise SourceError(f"{self.name}: uploads would go to {shown(place)!r}")
        return place


def _from(response: Response, start: int) -> Iterator[bytes]:
    """Yield a body from a position of the blob on, also where the server ignored the range."""
    passed = start if response.status != 206 else 0
    if not passed and start and not _begins_at(response.headers, start):
        response.close()
        raise DigestMismatch(f"the server gave another range than from {start} on")
    for chunk in response.chunks():
        if passed < len(chunk):
            yield chunk[passed:]
        passed = max(0, passed - len(chunk))


def _begins_at(headers: Mapping[str, str], start: int) -> bool:
    return headers.get("content-range", "").removeprefix("bytes ").partition("-")[0] == str(start)
