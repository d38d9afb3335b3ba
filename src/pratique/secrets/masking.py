"""Show the line that a secret is in without the secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

MASK = "********"
_BEFORE, _AFTER = 80, 40
"""Bytes of the line that are shown around a secret: a minified script is one line of megabytes."""
_TELLING = 4
"""A text this short may stand in a line by chance."""

Span = tuple[int, int]


def masked(text: bytes, secret: Span, others: Sequence[Span]) -> str:
    """Return the line of a secret, cut around it, with all secrets in it replaced by asterisks.

    `others` are the spans of every secret that was found in the text, in order.
    """
    start, end = secret
    low, high = _line(text, start, end)
    hidden = [one for one in others if one[0] < high and one[1] > low]
    pieces, at = [], low
    for first, last in sorted({secret, *hidden}):
        if first > at:
            pieces.append(text[at:first])
        if last > at:
            pieces.append(b"\0")  # stands for the mask, and is in no text
            at = last
    shown = b"".join([*pieces, text[at:high]]) if at < high else b"".join(pieces)
    values = sorted({text[first:last] for first, last in (secret, *hidden)}, key=len, reverse=True)
    for value in values:
        if len(value) >= _TELLING:
            shown = shown.replace(value, b"\0")
    while b"\0\0" in shown:
        shown = shown.replace(b"\0\0", b"\0")
    return _printable(shown)


def mark(path: str, rule: str, secret: bytes) -> str:
    """Return 16 bits that tell the secrets of a file apart, and say nothing of them elsewhere."""
    key = hashlib.sha256(f"{rule}\n{path}".encode("utf-8", "surrogateescape")).digest()
    return hashlib.blake2s(secret, key=key, digest_size=2).hexdigest()


def _line(text: bytes, start: int, end: int) -> Span:
    low = max(0, start - _BEFORE)
    low = text.rfind(b"\n", low, start) + 1 or low
    high = min(len(text), end + _AFTER)
    stop = text.find(b"\n", end, high)
    return low, stop if stop >= 0 else high


def _printable(shown: bytes) -> str:
    text = shown.decode("utf-8", "replace").replace("\0", MASK)
    return "".join(c if c.isprintable() else " " for c in text).strip()
