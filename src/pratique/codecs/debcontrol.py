"""Read stanzas of Debian's control format (deb-control(5)): dpkg's and opkg's databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_BLANK = re.compile(r"\n[ \t\r]*\n")
# files are theirs: all but these two states leave something of the package in place
_ABSENT = ("not-installed", "config-files")


def stanzas(data: bytes, *fields: str) -> Iterator[dict[str, str]]:
    """Yield the wanted fields of each stanza, by their names in lower case.

    A value is what stands on the field's own line; invalid UTF-8 is replaced. A stanza without
    any of the fields is yielded empty, unless it is blank altogether.
    """
    pattern = _pattern(fields)
    for stanza in _BLANK.split(data.decode("utf-8", "replace")):
        found = {name.lower(): value.strip() for name, value in pattern.findall(stanza)}
        if found or stanza.strip():
            yield found


def is_installed(status: str | None) -> bool:
    """Tell by the third word of `Status`, which distroless images leave out altogether.

    What is unpacked but not configured is there as well, and so is a half of what is
    half-installed; of a removed package at most its configuration is left.
    """
    return status is None or status.split()[-1:] not in ([word] for word in ("", *_ABSENT))


@lru_cache(maxsize=8)
def _pattern(fields: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, fields))
    return re.compile(rf"^({names}):(.*)$", re.MULTILINE | re.IGNORECASE)


def paragraph(text: str) -> dict[str, str]:
    """Return all fields of one stanza in their order, as they are named; values keep their lines.

    Lines that begin a value have no leading blanks, those that follow are as they are.
    """
    fields: dict[str, str] = {}
    name = ""
    lines: list[str] = []
    for line in [*text.splitlines(), "End:"]:
        if line[:1] in (" ", "\t"):
            lines.append(line.rstrip())
        elif ":" in line and not line.startswith("#"):
            if name:
                fields[name] = "\n".join(lines)
            name, _, value = line.partition(":")
            lines = [value.strip()]
    return fields


def paragraphs(data: bytes) -> Iterator[dict[str, str]]:
    """Yield each stanza with all its fields; blank ones are left out."""
    for stanza in _BLANK.split(data.decode("utf-8", "replace")):
        if fields := paragraph(stanza):
            yield fields
