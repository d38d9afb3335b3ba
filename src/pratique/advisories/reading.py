"""From a feed's documents to records: conditional requests, indexes, folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from urllib.parse import urlsplit

from pratique.advisories.fetch import Document, Fetch
from pratique.errors import LimitExceeded, NotFound
from pratique.model.feed import Feed, Record

_LINKED = 1_000_000
_DEEPEST = 3


class Reading:
    """The documents that some shards are made of: all of them are fetched once one has changed."""

    def __init__(self, feeds: Sequence[Feed], shard: str, fetch: Fetch) -> None:
        self._sources = [(feed, address) for feed in feeds for address in feed.documents(shard)]
        self._fetch = fetch
        self._documents: dict[str, Document] = {}
        self.etags: dict[str, str] = {}
        self.absent: list[str] = []
        """Addresses that hold nothing: a mirror may lack a year."""

    def has_changed(self, etags: dict[str, str]) -> bool:
        """Ask for each document that differs from what an earlier reading saw."""
        for _, address in self._sources:
            self._get(address, etags.get(address, ""))
        if len(self.absent) == len(self._sources):
            raise NotFound(f"{self.absent[0]}: not found")
        if not self._documents:
            return False
        for _, address in self._sources:  # what had not changed is needed as well
            if address in self.etags and address not in self._documents:
                self._get(address, "")
        return True

    def records(self) -> Iterator[Record]:
        """Yield what the documents hold, closing each."""
        try:
            for feed, address in self._sources:
                if document := self._documents.pop(address, None):
                    with document.file:
                        yield from self._read(feed, document, address)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of documents that were not read."""
        while self._documents:
            self._documents.popitem()[1].file.close()

    def _get(self, address: str, etag: str) -> None:
        try:
            document = self._fetch(address, etag)
        except NotFound:
            self.absent.append(address)
            return
        self.etags[address] = document.etag if document else etag
        if document:
            self._documents[address] = document

    def _read(
        self, feed: Feed, document: Document, address: str, depth: int = 0
    ) -> Iterator[Record]:
        linked = feed.links(document.file, address)
        if not linked:
            document.file.seek(0)
            yield from feed.parse(document.file, address)
        if len(linked) > _LINKED or depth > _DEEPEST:
            raise LimitExceeded(f"{address}: names {len(linked)} documents, {depth} deep")
        for link in linked:
            if not _is_address(link):
                raise NotFound(f"{address}: names {link!r}, which is no address")
            if found := self._fetch(link, ""):
                with closing(found.file):
                    yield from self._read(feed, found, link, depth + 1)


def _is_address(link: str) -> bool:
    try:
        return urlsplit(link).scheme in ("http", "https")
    except ValueError:
        return False
