"""What a whole file says of licences: the texts that it holds, else the notices in it."""

from __future__ import annotations

from msgspec import Struct

from pratique.licenses.notices import claims, notices, tags
from pratique.licenses.texts import family, identify

_MOSTLY = 0.6
"""A text of which this much is a licence is that licence; what it mentions besides is no notice."""

_GNU = (
    "GPL-",
    "LGPL-",
    "AGPL-",
    "GFDL-",
)  # their notices differ by a word: they are read, not told
_BARE = ("GPL-1.0-or-later", "LGPL-2.0-or-later", "AGPL-1.0-or-later", "GFDL-1.1-or-later")
"""What a name without a version comes to; beside a licence's text it is mostly a remark."""


class Stated(Struct, frozen=True):
    """What a file states."""

    licenses: tuple[str, ...]
    confidence: float
    """The least of what was told by text, 0 to 1; 1 for what is named."""
    copyrights: tuple[str, ...]


def stated(text: str, *, mixed: bool = False) -> Stated:
    """Return the licences that a text holds or names, and who claims its copyright.

    `mixed`: it is written about many files, so that what it says counts beside the texts it holds.
    """
    tagged = tags(text) if "SPDX-License-Identifier" in text else ()
    matches = identify(text)
    found = dict.fromkeys(tagged)
    found.update(dict.fromkeys(match.id for match in matches if not match.is_header))
    if mixed or max((m.share for m in matches if not m.is_header), default=0.0) < _MOSTLY:
        named = [id for id in notices(text) if mixed or not found or id not in _BARE]
        headers = [m.id for m in matches if m.is_header and not m.id.startswith(_GNU)]
        families = {family(id) for id in found}
        found.update(dict.fromkeys(id for id in (*named, *headers) if family(id) not in families))
    confidence = min((match.confidence for match in matches if match.id in found), default=1.0)
    return Stated(tuple(found), confidence, claims(text))
