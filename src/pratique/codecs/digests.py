"""Read the ways in which lock files write the digests of archives."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable

_HEX = r"(?:(md5|sha1|sha224|sha256|sha384|sha512)[:=-])?([0-9a-fA-F]{32,128})"
_SRI = r"(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]{27,88}={0,2})(?:\?.*)?"
_BY_LENGTH = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


def digests(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each digest as `algorithm:hex`, once; what is none is left out.

    Read are `sha256:hex`, `sha256=hex`, a bare hex number, which its length tells, and subresource
    integrity (https://www.w3.org/TR/sri-2/), which may hold several between spaces.
    """
    found = (_digest(word) for text in texts for word in text.split())
    return tuple(dict.fromkeys(digest for digest in found if digest))


def _digest(word: str) -> str:
    if match := re.fullmatch(_HEX, word):
        algorithm = _BY_LENGTH.get(len(match[2]), "")
        same = algorithm and match[1] in (None, algorithm)
        return f"{algorithm}:{match[2].lower()}" if same else ""
    if match := re.fullmatch(_SRI, word):
        try:
            hexadecimal = binascii.a2b_base64(match[2]).hex()
        except binascii.Error:
            return ""
        same = _BY_LENGTH.get(len(hexadecimal)) == match[1]
        return f"{match[1]}:{hexadecimal}" if same else ""
    return ""
