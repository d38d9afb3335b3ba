"""A VEX statement: what somebody says of a flaw in a product."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

VexStatus = Literal["not_affected", "affected", "fixed", "under_investigation"]


class Product(Struct, frozen=True, gc=False):
    """What a statement is about."""

    ids: tuple[str, ...]
    """Any of them names it: purls, digests, CPEs."""
    parts: tuple[str, ...] = ()
    """Purls of the components in it that are meant; none: all of it."""


class Statement(Struct, frozen=True, gc=False):
    """One statement, whatever the format that it was written in."""

    flaws: tuple[str, ...]
    """The id and all aliases."""
    status: VexStatus
    products: tuple[Product, ...]
    justification: str = ""
    """OpenVEX's words: component_not_present, vulnerable_code_not_in_execute_path …"""
    words: str = ""
    """The impact, or what to do."""
    author: str = ""
    timestamp: str = ""
    """RFC 3339: of two statements about the same the later counts."""
    where: str = ""
    """The document that it is in."""
