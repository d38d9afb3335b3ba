"""Names that a document has because of its content: the same bytes, the same name."""

from __future__ import annotations

import hashlib


def uuid(content: bytes) -> str:
    """Return an UUID of version 8 (RFC 9562): a digest of the content."""
    digits = hashlib.sha256(content).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def urn(content: bytes) -> str:
    return f"urn:uuid:{uuid(content)}"


def short(text: str) -> str:
    """Return 16 hexadecimal digits for a reference."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
