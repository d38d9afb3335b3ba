"""Where feeds are fetched from: their own hosts, a mirror of them on the network, or a folder."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote, urlsplit

from pratique import net
from pratique.advisories.update import Document, Fetch
from pratique.errors import NotFound, Unavailable
from pratique.model.settings import Settings

_DOCUMENT_LIMIT = 4 << 30


def choose(settings: Settings) -> tuple[Fetch, str]:
    """Return how documents are fetched, and the name of that place for reports."""
    mirror = settings.feed_mirror
    if mirror and "://" not in mirror:
        if not os.path.isdir(mirror):
            raise NotFound(f"{mirror}: no such folder (--feed-mirror)")
        return folder(mirror), mirror
    return network(settings), mirror or "the publishers' own hosts"


def folder(path: str) -> Fetch:
    """Return a Fetch that reads a folder laid out as `<host>/<path>`."""

    def fetch(address: str, etag: str) -> Document | None:
        parts = urlsplit(address)
        file = os.path.join(path, parts.netloc, *unquote(parts.path).strip("/").split("/"))
        try:
            seen = os.stat(file)
            tag = f"{seen.st_size}-{seen.st_mtime_ns}"
            return None if tag == etag else Document(open(file, "rb"), tag)
        except OSError as error:
            raise NotFound(f"{file}: {error.strerror}") from error

    return fetch


def network(settings: Settings) -> Fetch:
    """Return a Fetch over HTTP; a host that cannot be reached is not asked again."""
    client = net.Client(insecure=settings.insecure, cacert=settings.cacert)
    unreachable: dict[str, Unavailable] = {}

    def fetch(address: str, etag: str) -> Document | None:
        if settings.feed_mirror:
            parts = urlsplit(address)
            address = f"{settings.feed_mirror.rstrip('/')}/{quote(parts.netloc)}{parts.path}"
        host = urlsplit(address).netloc
        if host in unreachable:
            raise unreachable[host]
        try:
            return _spooled(client, address, etag)
        except Unavailable as error:
            reason = error.message.replace(address, host)  # one line for all that it serves
            unreachable[host] = Unavailable(reason, error.hint)
            raise unreachable[host] from error

    return fetch


def _spooled(client: net.Client, address: str, etag: str) -> Document | None:
    """Return a document in a file without a name: the parsers seek, and memory stays bounded."""
    import tempfile  # noqa: PLC0415

    response = client.get_changed(address, etag, limit=_DOCUMENT_LIMIT)
    if response is None:
        return None
    file = tempfile.TemporaryFile(prefix="pratique-")  # noqa: SIM115 - its reader closes it
    file.writelines(response.chunks())
    file.seek(0)
    return Document(file, response.headers.get("etag", ""))
