"""Secrets to be found in tests, made when they run: none of them ever was one."""

from __future__ import annotations

import base64
import random
from zlib import crc32

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def github(seed: int = 1) -> str:
    """Return a personal access token with a checksum that fits."""
    body = "".join(random.Random(seed).choices(_BASE62, k=30))
    number, check = crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        check = _BASE62[digit] + check
    return "ghp" + "_" + body + check.rjust(6, "0")


def pem(seed: int = 1) -> str:
    """Return what looks like a private key of 2,048 bits: its frame, and noise."""
    noise = b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00" + random.Random(seed).randbytes(
        1180
    )
    text = base64.b64encode(noise).decode()
    body = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    kind = "RSA PRIVATE" + " KEY"
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"
