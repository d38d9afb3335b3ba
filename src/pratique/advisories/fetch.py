"""Where documents come from: the publishers' hosts, mirrors of them on the network, folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO, Protocol
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from pratique import net
from pratique.advisories.parts import Part
from pratique.errors import NotFound, PratiqueError, SourceError, Unavailable
from pratique.model.event import BytesRead, Observe, ignore
from pratique.model.settings import Settings

_DOCUMENT_LIMIT = 4 << 30
_LISTED = 1_000_000  # files of a folder


class Document(Struct):
    """A feed's document as it was fetched."""

    file: BinaryIO
    etag: str = ""


class Fetch(Protocol):
    """Gets a document by its upstream address; may be used by several threads at once."""

    def __call__(self, address: str, etag: str) -> Document | None:
        """Return it, None where it still has this ETag; raise NotFound or Unavailable."""


def choose(settings: Settings, folder_of_parts: str, observe: Observe = ignore) -> Fetch:
    """Return how documents are fetched: from the mirrors in turn, or the publishers' own hosts."""
    client = net.Client(insecure=settings.insecure, cacert=settings.cacert)
    places: list[Fetch] = []
    for mirror in settings.feed_mirror:
        if "://" in mirror:
            places.append(network(client, mirror, folder_of_parts, observe))
        elif os.path.isdir(mirror):
            places.append(folder(mirror))
        else:
            raise NotFound(f"{mirror}: no such folder (--feed-mirror)")
    return in_turn(places or [network(client, "", folder_of_parts, observe)])


def source_of(settings: Settings) -> str:
    """Name the place that documents come from, for reports."""
    return ", ".join(settings.feed_mirror) or "the publishers' own hosts"


def in_turn(places: Sequence[Fetch]) -> Fetch:
    """Return a Fetch that asks one place after the other until one has the document."""
    if len(places) == 1:
        return places[0]

    def fetch(address: str, etag: str) -> Document | None:
        failures: list[PratiqueError] = []
        for place in places:
            try:
                return place(address, etag)
            except SourceError as error:
                failures.append(error)
        # that it is nowhere is only known where all of them could be asked
        raise next((f for f in failures if not isinstance(f, NotFound)), failures[0])

    return fetch


def folder(path: str) -> Fetch:
    """Return a Fetch that reads a folder laid out as `<host>/<path>`."""

    def fetch(address: str, etag: str) -> Document | None:
        parts = urlsplit(address)
        names = unquote(parts.path).strip("/").split("/")
        if ".." in names or ".." in parts.netloc:
            raise NotFound(f"{address}: leads out of {path}")
        file = os.path.join(path, parts.netloc, *names)
        try:
            if address.endswith("/"):
                return _listing(file, etag)
            seen = os.stat(file)
            tag = f"{seen.st_size}-{seen.st_mtime_ns}"
            return None if tag == etag else Document(open(file, "rb"), tag)
        except OSError as error:
            raise NotFound(f"{file}: {error.strerror}") from error

    return fetch


def _listing(path: str, etag: str) -> Document | None:
    """Return the files of a folder, a line each, by their path from there."""
    import hashlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    lines, state = [], hashlib.sha256()
    if not os.path.isdir(path):
        raise NotFound(f"{path}: no such folder")
    for parent, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(parent, name)
            seen = os.stat(full)
            lines.append(os.path.relpath(full, path))
            state.update(f"{full} {seen.st_size} {seen.st_mtime_ns}\n".encode())
        if len(lines) > _LISTED:
            raise NotFound(f"{path}: more than {_LISTED} files")
    tag = state.hexdigest()
    return None if tag == etag else Document(io.BytesIO("\n".join(lines).encode()), tag)


def network(
    client: net.Client, mirror: str, folder_of_parts: str, observe: Observe = ignore
) -> Fetch:
    """Return a Fetch over HTTP; a host that cannot be reached is not asked again.

    A download that was cut off, also by the end of the process, is taken up where it stopped.
    """
    unreachable: dict[str, Unavailable] = {}

    def fetch(address: str, etag: str) -> Document | None:
        if mirror:
            parts = urlsplit(address)
            query = f"?{parts.query}" if parts.query else ""
            address = f"{mirror.rstrip('/')}/{quote(parts.netloc)}{parts.path}{query}"
        if address.endswith("/"):
            raise NotFound(f"{address}: a folder, which a host does not list")
        host = urlsplit(address).netloc
        if host in unreachable:
            raise unreachable[host]
        try:
            return _spooled(client, address, etag, folder_of_parts, observe)
        except Unavailable as error:
            reason = error.message.replace(address, host)  # one line for all that it serves
            unreachable[host] = Unavailable(reason, error.hint)
            raise unreachable[host] from error

    return fetch


def _spooled(
    client: net.Client, address: str, etag: str, folder_of_parts: str, observe: Observe
) -> Document | None:
    """Return a document in a file that is gone once closed: parsers seek, memory stays bounded."""
    with Part(folder_of_parts, address) as part:
        while True:
            response = _ask(client, address, etag, part)
            if response is None:
                return None
            part.begin(response.status, response.headers)
            before = part.size
            try:
                for chunk in response.chunks():
                    part.write(chunk)
                    observe(BytesRead(len(chunk)))
                return Document(part.whole(), response.headers.get("etag", ""))
            except Unavailable:
                if part.size == before or not part.etag:
                    raise  # no progress, or no way to tell that the rest is of the same document


def _ask(client: net.Client, address: str, etag: str, part: Part) -> net.Response | None:
    headers = part.headers() | ({"If-None-Match": etag} if etag else {})
    response = client.send(net.Request(
        address, headers=headers, limit=_DOCUMENT_LIMIT, accepted=(304, 416),
        is_resumable=not part.size,
    ))  # fmt: skip
    if response.status == 416:  # what was kept is longer than what there is now
        response.close()
        part.drop()
        return _ask(client, address, etag, part)
    if response.status == 304:
        response.close()
        return None
    return response
