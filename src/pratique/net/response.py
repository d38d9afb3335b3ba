"""An answer whose body is read in pieces, and taken up again where a connection broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from pratique.errors import LimitExceeded, Unavailable
from pratique.net.failure import network_errors
from pratique.net.request import Request
from pratique.net.route import shown

if TYPE_CHECKING:  # 28 ms to import
    from http.client import HTTPResponse

CHUNK = 1 << 20
_EXCUSE = 8192  # bytes read of an error's body


class Response:
    """Status, headers and body of an answer; `close` it, or read it to its end."""

    def __init__(
        self,
        request: Request,
        raw: HTTPResponse,
        give_back: Callable[[bool], None],
        resume: Callable[[Request, int, Exception], Response],
    ) -> None:
        self.status = raw.status
        self.headers = {
            name.lower(): ", ".join(raw.headers.get_all(name, ())) for name in raw.headers
        }
        """By names in lower case."""
        self._request = request
        self._raw = raw
        self._length = raw.length
        self._give_back = give_back
        self._is_given_back = False
        self._resume = resume
        self._position = 0
        self._delivered = 0
        self._failures = 0
        self._progress = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces of 1 MiB.

        Raises LimitExceeded past the request's limit, Unavailable where it breaks off for good.
        """
        try:
            self._bound(self._length or 0)
            while piece := self._piece():
                yield piece
        finally:
            self.close()

    def read(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks())

    def excuse(self) -> bytes:
        """Return the beginning of an error's body, as far as it comes, and close."""
        try:
            return self._raw.read(_EXCUSE)
        except network_errors():
            return b""
        finally:
            self.close()

    def close(self) -> None:
        """Give the connection back, once, if the body was read to its end, else close it."""
        if self._is_given_back:
            return
        whole = self._length == 0 or (self._raw.isclosed() and not self._missing())
        self._raw.close()
        self._is_given_back = True
        self._give_back(whole)

    def _piece(self) -> bytes:
        while True:
            try:
                piece = self._raw.read(CHUNK)
                if not piece and self._missing():
                    raise ConnectionResetError("the body ended early")
            except network_errors() as error:
                self._take_up(error)
                continue
            self._position += len(piece)
            fresh = self._position - self._delivered
            if piece and fresh <= 0:  # had already, before the connection broke
                continue
            self._delivered = self._position
            self._bound(self._delivered)
            return piece[-fresh:] if fresh else b""

    def _missing(self) -> bool:
        return self._position < (self._delivered if self._length is None else self._length)

    def _bound(self, length: int) -> None:
        limit = self._request.limit
        if limit and length > limit:
            raise LimitExceeded(f"{shown(self._request.url)} holds more than {limit} bytes")

    def _take_up(self, error: Exception) -> None:
        """Ask for the rest; give up where as many tries in a row brought less than a piece."""
        self._raw.close()
        self._is_given_back = True
        self._give_back(False)
        if self._delivered - self._progress >= CHUNK:
            self._failures, self._progress = 0, self._delivered
        self._failures += 1
        etag = self.headers.get("etag", "")
        headers = {**self._request.headers, "Range": f"bytes={self._delivered}-"}
        if etag and not etag.startswith("W/"):
            headers["If-Range"] = etag
        rest = structs.replace(self._request, headers=headers, limit=0)
        again = self._resume(rest, self._failures, error)
        self._adopt(again)

    def _adopt(self, again: Response) -> None:
        start = _range_start(again.headers.get("content-range", "")) if again.status == 206 else 0
        total = None if again._length is None else start + again._length
        tags = {tag for r in (self, again) if (tag := r.headers.get("etag", ""))}
        is_same = None in (total, self._length) or total == self._length
        if start > self._delivered or len(tags) > 1 or not is_same:
            again.close()
            raise Unavailable(f"{shown(self._request.url)} changed while it was read")
        self._raw, self._give_back = again._raw, again._give_back
        self._is_given_back = again._is_given_back
        self._position = start
        self._length = total


def _range_start(text: str) -> int:
    """Return the first position of a Content-Range: `bytes 5-9/10` (RFC 9110, 14.4)."""
    start = text.removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isascii() and start.isdigit() else 1 << 62
