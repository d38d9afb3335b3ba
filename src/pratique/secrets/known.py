"""Keys that everybody has: published for tests and examples, known by their digests."""

from __future__ import annotations

import hashlib
import re

_PUBLIC = """
aws-sdk:
  577cfe66bf6c95ddd0aa
azure:
  0011cc25eb4320717494
emulator of Cosmos DB:
  aa6547439583c3a275d4
hardhat, anvil:
  bc1a50966c9e6486bc4e 60a09e4357868c1e9b80
moto:
  4f4a329560994b762a6c 4c55fa7e2a68d89ad8f9
tornado:
  ee0fcbd6b7e5f26e20ef
twisted:
  96f3e679249d93486d94 038c00715a6dec8b7eea 314bdd33e4e8d63b579d
  fb0dcbb1735b2230add3 91dff1c49404b937f8cc dc2110ba6d9a687ca637
  b9ade564573db809617d 3059ceeb122b97047bfe 2e132423b81dfb524b1f
  313784623979b354f590 69f8153f515723b9b609 80254f91d0f04bf46eda
  368f543d20c9ed50c984 5029f2dfad67b846a30d 4a1ee2b89cd83f386547
universal-github-app-jwt:
  04e70cd172b3d959fb13 a7f9a9d3c59eef5ba740 d0aa329ec6ba640faaae
  c4bded4015152b450afb
"""
"""Whose, and the digests of their keys."""


def is_public(secret: bytes) -> bool:
    """Tell whether a secret is one that a public package ships."""
    return digest(secret) in _PUBLIC


def digest(secret: bytes) -> str:
    """Return 80 bits of a secret's digest, white space left out."""
    return hashlib.sha256(re.sub(rb"\s+|\\[nr]", b"", secret)).hexdigest()[:20]
