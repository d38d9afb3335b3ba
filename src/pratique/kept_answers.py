"""Answers of package indexes that are kept between runs, so that a plan asks for what is new alone.

An answer counts for as long as the index says (RFC 9111: max-age), an hour at most, ten minutes
where it says nothing, which is what PyPI says; after that it
is asked for by its ETag or date, and comes again only where it changed. Where the index is not
asked, or cannot be reached, what is kept counts however old it is, and its age can be told.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, ValidationError, msgpack

from pratique.cache import Cache, MemoryCache, default_folder
from pratique.codecs.addresses import without_user
from pratique.errors import NotFound, Unavailable
from pratique.model.settings import Settings

if TYPE_CHECKING:
    from pratique.net import Client

_MOST_BYTES = 256 << 20
_LARGEST_ANSWER = 64 << 20
_LONGEST = 3600
"""Seconds for which an answer may count unasked whatever the index says: versions are withdrawn."""
_UNSAID = 600
_LINE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""What may be a header again."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])")


def answers_cache(settings: Settings) -> Cache:
    """Return where answers are kept; with `no_cache` for this process alone."""
    if settings.no_cache:
        return MemoryCache()
    return Cache(os.path.join(settings.cache_dir or default_folder(), "answers"))


class _Answer(Struct, frozen=True, array_like=True):
    url: str
    taken: int
    fresh: int
    etag: str
    modified: str
    body: bytes


_ENCODER = msgpack.Encoder()
_DECODER = msgpack.Decoder(_Answer)


class KeptAnswers:
    """What indexes said; may be used by several threads, and its folder by several processes."""

    def __init__(
        self, cache: Cache, client: Callable[[], Client] | None,
        now: Callable[[], float] = time.time, *, is_trusted: bool = True,
    ) -> None:  # fmt: skip
        """Without a client no index is asked.

        What was said where nobody verified who says it (`is_trusted`) is kept apart: it must count
        in no later run that verifies.
        """
        self._cache = cache
        self._kind = "index answer 1" if is_trusted else "index answer 1, of anybody"
        self._client = client
        self._now = now
        self._has_put = False
        self._ages: list[int] = []

    def get(self, url: str, accept: str) -> bytes:
        """Return what a URL answers with; raises SourceError, and LimitExceeded."""
        key = f"{self._kind}\n{accept}\n{without_user(url)}{_mark(url)}"
        kept = self._kept(key, url)
        if kept and 0 <= self._now() - kept.taken < kept.fresh:
            return kept.body
        try:
            answer = self._asked(key, url, accept, kept)
        except NotFound:
            self._cache.put(key, b"")  # it counts no more, offline neither
            raise
        except Unavailable:
            if not kept:
                raise
            self._ages.append(max(0, int(self._now()) - kept.taken))
            return kept.body
        return answer.body

    def oldest(self) -> int | None:
        """Return the age in seconds of the oldest answer that counted though its time was over."""
        return max(self._ages, default=None)

    def close(self) -> None:
        """Remove the oldest answers where there are too many."""
        if self._has_put:
            self._cache.trim(_MOST_BYTES)

    def _kept(self, key: str, url: str) -> _Answer | None:
        try:
            found = _DECODER.decode(self._cache.get(key) or b"")
        except (DecodeError, ValidationError, UnicodeError):
            return None
        is_whole = _LINE.fullmatch(found.etag) and _LINE.fullmatch(found.modified)
        return found if is_whole and found.url == without_user(url) else None

    def _asked(self, key: str, url: str, accept: str, kept: _Answer | None) -> _Answer:
        if self._client is None:
            raise Unavailable("offline: no index is asked")
        from pratique.net import Request  # noqa: PLC0415 - offline there is no need of it

        known = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified} if kept else {}
        headers = {"Accept": accept} | {name: value for name, value in known.items() if value}
        response = self._client().send(
            Request(url, headers=headers, limit=_LARGEST_ANSWER, accepted=(304,) if kept else ())
        )
        body, said = response.read(), response.headers
        is_same = kept is not None and response.status == 304
        old = kept if kept and is_same else _Answer(without_user(url), 0, 0, "", "", body)
        answer = _Answer(
            old.url, int(self._now()), _freshness(said), said.get("etag") or old.etag,
            said.get("last-modified") or old.modified, old.body,
        )  # fmt: skip
        is_kept = "no-store" not in said.get("cache-control", "").lower()
        if is_kept and _is_asked_for(said.get("content-type", ""), accept):
            self._cache.put(key, _ENCODER.encode(answer))
            self._has_put = True
        return answer


def _is_asked_for(kind: str, accept: str) -> bool:
    """Tell whether an answer can be an index's: a page to log in comes with status 200 as well."""
    return "html" not in kind.lower() or "html" in accept


def _freshness(said: Mapping[str, str]) -> int:
    """Return for how many seconds an answer counts from now on."""
    control = said.get("cache-control", "").lower()
    found = _MAX_AGE.search(control)
    if not control.strip():
        return _UNSAID
    if not found or "no-cache" in control or "no-store" in control:
        return 0
    age = said.get("age", "0")
    spent = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
    return max(0, min(int(found[1]) - spent, _LONGEST))


def _mark(url: str) -> str:
    """Return what tells one who asks from another, of which no password can be guessed.

    The name of an entry is a digest of its key: were the password part of it, whoever has the
    folder could try out passwords. Of this there are 65536 for all passwords together.
    """
    import hashlib  # noqa: PLC0415 - 6 ms

    if without_user(url) == url:
        return ""
    return "\n" + hashlib.sha256(url.encode()).hexdigest()[:4]
