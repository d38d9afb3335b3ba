"""How licences are spelt besides their SPDX ids: by ecosystems, distributions and people.

A spelling is compared by its key (`key`): lower case, without punctuation and filler words,
`2.0` as `2`. Names of the GNU family are read by their parts in `gnu`.
"""

from __future__ import annotations

import re
from functools import cache

from pratique.licenses.ids import EXCEPTIONS, LICENSES
from pratique.licenses.names import EXCEPTION_NAMES, SPELLINGS, URLS

_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*|\+")
_FILLER = frozenset(
    (
        "a",
        "an",
        "the",
        "license",
        "licence",
        "licenses",
        "licensed",
        "v",
        "version",
        "ver",
        "style",
        "under",
        "terms",
        "approved",
        "osi",
        "software",
        "foundation",
        "open",
        "source",
    )
)
_BY_ID = ("opensource.org/license", "spdx.org/licenses", "licenses.nuget.org",
          "choosealicense.com/licenses")  # fmt: skip
_GNU_WORDS = (
    (re.compile(r"\b(?:gnu )?(?:library or lesser|lesser|library) general public\b"), "lgpl"),
    (re.compile(r"\b(?:gnu )?affero (?:general public|gpl)\b"), "agpl"),
    (re.compile(r"\b(?:gnu )?(?:lesser|library) gpl\b"), "lgpl"),
    (re.compile(r"\b(?:gnu )?(?:free documentation|fdl)\b"), "gfdl"),
    (re.compile(r"\b(?:gnu )?general public\b"), "gpl"),
    (re.compile(r"\b(?:or|and) (?:at your option )?(?:any )?(?:later|newer|greater|higher|above)\b"
                r"|\b(?:any )?later\b"), "+"),
    (re.compile(r"\bgnu (?=a?l?gpl\b)"), ""),
    (re.compile(r"\bgfdl niv\b"), "gfdl no invariants"),
)  # fmt: skip
_GNU = re.compile(
    r"(?P<kind>[al]?gpl|gfdl)(?P<free> no invariants?)?(?: (?P<version>[1-3](?:\.[0-3])?))?"
    r"(?: (?P<later>\+|only))?(?P<tail> no invariants?)?"
)
_LATEST = {"gpl": "1.0", "lgpl": "2.0", "agpl": "1.0", "gfdl": "1.1"}
"""Where no version is named, the FSF's licences let the user choose: this one or any later."""
_VERSIONS = {"gpl": ("1.0", "2.0", "3.0"), "lgpl": ("2.0", "2.1", "3.0"), "agpl": ("1.0", "3.0"),
             "gfdl": ("1.1", "1.2", "1.3")}  # fmt: skip


def key(text: str) -> str:
    """Return what a name has in common with its other spellings."""
    found = _WORD.findall(text.lower().replace("licence", "license"))
    return " ".join(word.removesuffix(".0") for word in found if word not in _FILLER)


@cache
def _known() -> dict[str, str]:
    known = {key(id): id for id in sorted(LICENSES, reverse=True)}
    known.update({key(id): id for id in LICENSES if not id.endswith("+")})
    pairs = (line.rpartition("=") for line in SPELLINGS.strip().splitlines())
    known.update({_respelt(spelling): id for spelling, _, id in pairs})
    return known


def _respelt(spelling: str) -> str:
    return " ".join(word for word in spelling.split() if word not in _FILLER)


@cache
def _addresses() -> dict[str, str]:
    pairs = (line.rpartition("=") for line in URLS.strip().splitlines())
    return {address: id for address, _, id in pairs}


@cache
def _exceptions() -> dict[str, str]:
    known = {key(id).replace(" exception", ""): id for id in EXCEPTIONS}
    return known | EXCEPTION_NAMES


def license_of(text: str) -> str:
    """Return the SPDX id or expression that a name stands for; empty where nobody knows it."""
    if "://" in text or text.startswith("www."):
        return by_address(text)
    plain = key(text)
    return _known().get(plain) or gnu(plain) or _repeated(plain)


def exception_of(text: str) -> str:
    """Return the SPDX id of an exception; empty where there is none of that name."""
    if text in EXCEPTIONS:
        return text
    plain = re.sub(r"\b(?:linking )?exceptions?\b", "", key(text)).strip()
    return _exceptions().get(" ".join(plain.split()), "")


def gnu(plain: str) -> str:
    """Read a name of the GNU family by its parts: which licence, version, or any later one."""
    if "gpl" not in plain and "general public" not in plain and "fdl" not in plain \
            and "free documentation" not in plain:  # fmt: skip
        return ""
    plain = re.sub(r"\b([al]?gpl|gfdl|fdl)v\b", r"\1", plain)
    for pattern, word in _GNU_WORDS:
        plain = pattern.sub(word, plain)
    match = _GNU.fullmatch(_once(" ".join(plain.split())))
    if not match:
        return ""
    kind, number = match["kind"], match["version"] or ""
    if number and "." not in number:
        number += ".0"
    if not number:
        return f"{kind.upper()}-{_LATEST[kind]}-or-later"
    if number not in _VERSIONS[kind]:
        return ""
    free = "-no-invariants" if match["free"] or match["tail"] else ""
    return f"{kind.upper()}-{number}{free}-{'or-later' if match['later'] == '+' else 'only'}"


def by_address(text: str) -> str:
    """Return the licence whose text is at an address; empty where that is not known."""
    address = re.sub(r"^https?://|^www\.", "", text.strip().lower())
    address = re.sub(r"^www\.|[#].*$", "", address).rstrip("/.")
    address = re.sub(r"\.(?:txt|html?|php|asp|md)$", "", address)
    if known := _addresses().get(address):
        return known
    place, _, name = address.rpartition("/")
    if place.startswith(_BY_ID):
        return license_of(name)
    if place.startswith(("gnu.org/licenses", "gnu.org/copyleft")):
        return gnu(key(name.replace("standalone", "")))
    if match := re.match(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", address):
        return license_of(f"cc-{match[1]}-{match[2]}")
    return ""


def _once(plain: str) -> str:
    """Leave out what a name says twice: `GPL v2 or later (GPLv2+)`."""
    found = plain.split()
    half = len(found) // 2
    if half and found[:half] == found[half:]:
        return " ".join(found[:half])
    return plain


def _repeated(plain: str) -> str:
    found = plain.split()
    for at in range(1, min(len(found), 12)):
        first, second = (" ".join(part) for part in (found[:at], found[at:]))
        one = _known().get(first) or gnu(first)
        if one and one == (_known().get(second) or gnu(second)):
            return one
    return ""
