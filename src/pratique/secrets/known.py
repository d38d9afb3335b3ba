"""Keys that everybody has: published for tests and examples, known by their digests."""

from __future__ import annotations

import hashlib
import re

_PUBLIC = frozenset[str]()


def is_public(secret: bytes) -> bool:
    """Tell whether a secret is one that a public package ships."""
    return digest(secret) in _PUBLIC


def digest(secret: bytes) -> str:
    """Return 80 bits of a secret's digest, white space left out."""
    return hashlib.sha256(re.sub(rb"\s+|\\[nr]", b"", secret)).hexdigest()[:20]
