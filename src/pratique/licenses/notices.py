"""Find what a text says of its licence in a sentence: notices, SPDX tags, known files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.licenses.expressions import is_known, normalise
from pratique.licenses.spellings import gnu

_LONGEST = 400_000
_MARKS = re.compile(r"^[ \t]*(?://+|/?\*+/?|#+|;+|--+|%+|dnl\b|\.\.|\|)[ \t]?", re.MULTILINE)
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n*<\"']{2,200})")
_GRANT = (
    r"(?:under|terms|conditions|covered by|governed by|licen[cs]ed?|distributed|released|subject to"
    r"|is|are|see|of|by|available|with)\W+(?:\w+\W+){0,6}?"
)
_GNU = re.compile(
    _GRANT + r"(?:GNU )?(?P<kind>(?:Lesser |Library |Affero |Lesser \(Library\) )?General Public"
    r"|Free Documentation)(?: \(GPL\)| \(LGPL\))? Licen[cs]e(?=(?P<rest>.{0,220}))",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:licen[cs]ed?|under|as|covered by|is|are|terms of)\W+(?:the\s+)?(?:GNU )?"
    r"(?P<name>[AL]?GPL(?:[ -]?v(?:ersion)?\.?)?[ -]?(?:\d(?:\.\d)?)?)"
    r"(?P<later>\+| or (?:any )?(?:later|newer))?(?![\w.]*\w)"
)
_VERSION = re.compile(
    r"\W{0,12}(?:\w+\W+){0,9}?(?:version|v|FDL|GPL)\s?\.?\s?(\d(?:\.\d)?)\b", re.IGNORECASE
)
_OTHER = re.compile(r"(?:,| or| and) (?:version )?(\d)(?:\.\d)?\b", re.IGNORECASE)
_MENTION = re.compile(
    r"(?:complete|full) (?:license )?texts?|cop(?:y|ies) of|can be found", re.IGNORECASE
)
_PACKAGING = re.compile(
    r"Debian[- ](?:specific )?(?:changes|packaging)|packaging (?:is|scripts)", re.IGNORECASE
)
_LATER = re.compile(r"any later|or later|or newer|or \(?at your option|\d\+", re.IGNORECASE)
_COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])")
_NAMED = re.compile(
    r"(?:under(?: the)?(?: terms of)?(?: the)?|released under|distributed under|is licensed under"
    r"|covered by(?: the)?|subject to the(?: terms of the)?)\s+(?:an? |the )?"
    r"(?P<name>(?:[\w+./-]+,? ){0,5}?)(?:public |software )?licen[cs]es?\b"
    r"(?P<tail>,?\s*\(?(?:version|v)\.? ?\d(?:\.\d)?\)?)?",
    re.IGNORECASE,
)  # fmt: skip
_APACHE = re.compile(
    r"Apache(?: Software)? Licen[cs]e,?\s+(?:Version|v)\.? ?2(?:\.0)?", re.IGNORECASE
)
_MPL = re.compile(r"Mozilla Public\s+Licen[cs]e,?\s+(?:version|v)\.?\s?(\d\.\d)", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:(?:is|are|been|hereby) (?:placed |released |put )?(?:in|into|to) the public domain"
    r"|\bis public domain|\bpublic domain software|placed in the public domain)",
    re.IGNORECASE,
)
_PERL = re.compile(
    r"(?:same terms as|under the (?:same )?terms (?:of|as)) Perl(?: itself|\b)", re.IGNORECASE
)
_CLAIM = re.compile(
    r"^[^\w\n(©]{0,20}((?:Copyright|©|\(c\))[ \t:]*(?:\(c\)|©|by|\d{4}|\w)[^\n]{3,160})",
    re.MULTILINE | re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"copyright (?:notices?|holders?|owners?|laws?|and|or|licen[cs]e|disclaim|in|on|is)\b"
    r"|.*(?:<year>|\[yyyy)",
    re.IGNORECASE,
)
_CERTAIN = re.compile(r"\b(?:19|20)\d\d\b|©|\(c\)", re.IGNORECASE)
_MOST_CLAIMS = 40
_RUNTIME = re.compile(r"GCC Runtime Library Exception", re.IGNORECASE)


def tags(text: str) -> tuple[str, ...]:
    """Return the expressions of the `SPDX-License-Identifier` lines of a text."""
    found = (normalise(tag.strip().rstrip("-*/ >")) for tag in _TAG.findall(text[:_LONGEST]))
    return tuple(dict.fromkeys(found))


def notices(text: str) -> tuple[str, ...]:
    """Return the licences that a text says it is under, as expressions, in their order there."""
    flat = " ".join(_MARKS.sub(" ", text[:_LONGEST]).split())
    found = sorted([*_gnu(flat), *_others(flat)])
    if match := _RUNTIME.search(flat):
        found.append((match.start(), "GPL-3.0-or-later WITH GCC-exception-3.1"))
    return tuple(dict.fromkeys(id for _, id in found))


def claims(text: str) -> tuple[str, ...]:
    """Return the lines of a text that claim a copyright, at most 40, each once."""
    found: dict[str, None] = {}
    for match in _CLAIM.finditer(text[:_LONGEST]):
        line = " ".join(match[1].split()).rstrip(" */#-")
        if _CERTAIN.search(line) and not _NO_CLAIM.match(line):
            found[line] = None
        if len(found) == _MOST_CLAIMS:
            break
    return tuple(found)


def _gnu(flat: str) -> Iterator[tuple[int, str]]:
    """Yield what a text says of the GNU family: grants, and without one what it refers to."""
    seen = [*_spelt_out(flat), *_abbreviated(flat), *_files(flat)]
    granted = {_kind(id) for _, id, how in seen if how in ("grant", "packaging")}
    versioned = {_kind(id) for _, id, how in seen if how == "version"}
    for at, id, how in seen:
        if (
            how == "grant"
            or (how == "version" and _kind(id) not in granted)
            or (how == "name" and _kind(id) not in granted | versioned)
        ):
            yield at, id


def _kind(id: str) -> str:
    return id.partition("-")[0]


def _spelt_out(flat: str) -> Iterator[tuple[int, str, str]]:
    for match in _GNU.finditer(flat):
        name, rest, at = match["kind"], match["rest"], match.start()
        version = _VERSION.match(rest)
        id = gnu(f"gnu {name} {version[1] if version else ''}".lower().replace(" (library)", ""))
        if not id:
            continue
        if _PACKAGING.search(flat, max(0, at - 150), match.start("kind")):
            yield at, id, "packaging"
        elif not version:
            yield at, id, "name"
        elif _MENTION.search(flat, max(0, at - 40), match.start("kind")):
            yield at, id, "version"
        else:
            tail = rest[version.end() : version.end() + 90]
            later = _LATER.search(tail) or rest.startswith("+", version.end(1))
            yield at, id.replace("-only", "-or-later") if later else id, "grant"


def _abbreviated(flat: str) -> Iterator[tuple[int, str, str]]:
    for match in _SHORT.finditer(flat):
        later = "+" if match["later"] else ""
        id = normalise(match["name"].replace("v", " v").strip() + later)
        if is_known(id):
            yield match.start(), id, "grant" if re.search(r"\d", match["name"]) else "name"


def _files(flat: str) -> Iterator[tuple[int, str, str]]:
    for match in _COMMON.finditer(flat):
        id = normalise(match[1])
        if is_known(id):
            yield match.start(), id, "version" if re.search(r"\d", match[1]) else "name"


def _others(flat: str) -> Iterator[tuple[int, str]]:
    for pattern, id in (
        (_APACHE, "Apache-2.0"),
        (_PERL, normalise("perl")),
        (_PUBLIC, "public-domain"),
    ):
        if match := pattern.search(flat):
            yield match.start(), id
    for match in _MPL.finditer(flat):
        yield match.start(), normalise(f"MPL-{match[1]}")
    for match in _NAMED.finditer(flat):
        name = f"{match['name']}{(match['tail'] or '').strip(' ,')}".strip()
        found = normalise(name) if name else ""
        if (
            found
            and is_known(found)
            and not found.startswith(("GPL", "LGPL", "AGPL", "GFDL", "MPL"))
        ):
            yield match.start(), found
