"""JSON over HTTP, as forges speak it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import DecodeError, json

from pratique.errors import MalformedError
from pratique.net import Client, Request

_LIMIT = 16 << 20


class Api:
    """One address, with a token that goes to that host alone."""

    def __init__(
        self, url: str, headers: Mapping[str, str], *, insecure: bool = False, cacert: str = ""
    ) -> None:
        self._url = url.rstrip("/")
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
