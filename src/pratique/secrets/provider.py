"""The kind of part that knows how to ask whether a secret is in use."""

from __future__ import annotations

import base64
from collections.abc import Callable

from msgspec import Struct

Verdict = Callable[[int, bytes], str]
"""From the status of an answer and its body: `active`, `inactive`, or empty for neither."""


def by_status(status: int, _: bytes) -> str:
    """Judge by what most answer: 200 to whom they know, 401 to others."""
    return "active" if status == 200 else "inactive" if status == 401 else ""


def bearer(secret: str) -> str:
    return f"Bearer {secret}"


def basic(secret: str) -> str:
    """Return a header with the secret as the user's name and no password."""
    return "Basic " + base64.b64encode(f"{secret}:".encode()).decode()


class Provider(Struct, frozen=True):
    """A question that changes nothing and is charged for nowhere.

    The secret goes into the header Authorization alone: it is in no address, so in no log, and is
    not sent on where the answer is a redirection to another host.
    """

    name: str
    rules: tuple[str, ...]
    """Ids of the rules whose secrets it knows."""
    url: str
    method: str = "GET"
    authorization: Callable[[str], str] = bearer
    verdict: Verdict = by_status
