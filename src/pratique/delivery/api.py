"""JSON over HTTP, as forges speak it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import DecodeError, json

from pratique.errors import MalformedError, UsageError
from pratique.net import Client, Request
from pratique.net.route import is_loopback, shown

_LIMIT = 16 << 20
_PER_PAGE, _MOST_PAGES = 100, 10


class Api:
    """One address, with a token that goes to that host alone."""

    def __init__(
        self, url: str, headers: Mapping[str, str], *, insecure: bool = False, cacert: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        if not insecure and not is_safe(self._url):
            raise UsageError(
                f"{shown(self._url)}: no token is sent without TLS; --insecure allows it"
            )
        self._headers = {**headers, "User-Agent": "pratique"}
        self._client = Client(insecure=insecure, cacert=cacert, timeout=30)

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what is answered; raises SourceError, MalformedError where it is no JSON."""
        headers = dict(self._headers)
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.encode(body)
        url = f"{self._url}{path}"
        # a request that opens something is sent once: whether it arrived is not known
        tries = 0 if method == "GET" else 1
        found = self._client.send(Request(url, method, headers, data, _LIMIT, tries=tries)).read()
        try:
            return json.decode(found)
        except DecodeError as error:
            raise MalformedError(f"no JSON: {error}", url) from error

    def pages(self, path: str, most: int = _MOST_PAGES) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, whose path has a query; raises what `ask` raises."""
        for page in range(1, most + 1):
            found = self.ask("GET", f"{path}&per_page={_PER_PAGE}&page={page}")
            if not isinstance(found, list):
                raise MalformedError("no list", f"{self._url}{path}")
            yield from (one for one in found if isinstance(one, dict))
            if len(found) < _PER_PAGE:
                return


def is_safe(url: str) -> bool:
    """Tell whether a token may be sent there: over TLS, or to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
