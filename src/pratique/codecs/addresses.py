"""URLs that may be written down."""

from __future__ import annotations


def without_user(url: str) -> str:
    """Return a URL without a name and password, which are written nowhere."""
    scheme, found, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{found}{host.rpartition('@')[2]}{slash}{path}"
