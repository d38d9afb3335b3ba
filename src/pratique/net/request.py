"""What a server is asked, and who lets us in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Authorizer(Protocol):
    """Knows how to be let in at one place; the client asks it for each request there."""

    def headers(self) -> Mapping[str, str]:
        """Return what to send, which may be nothing."""

    def renew(self, challenge: str, refused: Mapping[str, str]) -> bool:
        """Learn from a 401's WWW-Authenticate; say whether another try may do better."""


class Request(Struct, frozen=True):
    """A question to a server."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    limit: int = 0
    """Bytes of the answer's body that are accepted; 0 for any number."""
    auth: Authorizer | None = None
    accepted: tuple[int, ...] = ()
    """Statuses from 300 on that are answers rather than errors."""
    is_resumable: bool = True
    """Whether the same body would come if it were asked for again."""
    tries: int = 0
    """How often it is tried; 0 for what the client does."""
