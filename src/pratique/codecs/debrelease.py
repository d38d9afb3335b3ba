"""Read the Release of an archive: https://wiki.debian.org/DebianRepository/Format."""

from __future__ import annotations

import re
import time
from calendar import timegm

from msgspec import Struct

from pratique.codecs.debcontrol import paragraph
from pratique.errors import MalformedError

_ENTRY = re.compile(r"([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)")
_AHEAD = 10 * 60  # seconds that clocks may differ


class Listed(Struct, frozen=True, gc=False):
    """A file that a Release vouches for."""

    sha256: str
    size: int


class Release(Struct, frozen=True):
    """What is in an archive's Release that matters for getting packages."""

    suite: str
    codename: str
    date: str
    valid_until: str
    by_hash: bool
    automatic: bool
    """False where packages are only taken when asked for: backports, experimental."""
    all_apart: bool
    """Whether packages of all architectures are in a list of their own, and in no other."""
    files: dict[str, Listed]
    """By their paths below the Release."""

    def refuse_dates(self, now: float, where: str, *, checks_expiry: bool) -> None:
        """Raise MalformedError for a Release of the future, or one that is past its end."""
        if self.date and _seconds(self.date, where) > now + _AHEAD:
            raise MalformedError(f"the Release is of the future: {self.date}", where)
        if self.valid_until and checks_expiry and _seconds(self.valid_until, where) < now:
            raise MalformedError(f"the Release was valid until {self.valid_until} only", where,
                                 "is the mirror stale, or does it withhold updates?")  # fmt: skip


def read(data: bytes, where: str) -> Release:
    """Return a Release; raise MalformedError where it has no SHA-256 of its files."""
    fields = paragraph(data.decode("utf-8", "replace"))
    files = {m[3]: Listed(m[1], int(m[2])) for m in _ENTRY.finditer(fields.get("SHA256", ""))}
    if not files:
        raise MalformedError("the Release names no file by SHA256", where)
    return Release(
        fields.get("Suite", ""), fields.get("Codename", ""), fields.get("Date", ""),
        fields.get("Valid-Until", ""), fields.get("Acquire-By-Hash") == "yes",
        fields.get("NotAutomatic") != "yes",
        _all_apart(fields), files,
    )  # fmt: skip


def _all_apart(fields: dict[str, str]) -> bool:
    beside = fields.get("No-Support-for-Architecture-all", "")
    return "all" in fields.get("Architectures", "").split() and beside != "Packages"


def _seconds(date: str, where: str) -> float:
    text = re.sub(r"\s*(UTC|GMT|Z|\+0000)$", "", date.strip())
    try:
        return timegm(time.strptime(text, "%a, %d %b %Y %H:%M:%S"))
    except ValueError:
        raise MalformedError(f"{date[:40]!r} is no date of a Release", where) from None
