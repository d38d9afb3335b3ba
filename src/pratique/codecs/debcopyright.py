"""Read dpkg's `copyright` files: the machine-readable form (DEP-5), and free text.

https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pratique.licenses.documents import Stated, stated
from pratique.licenses.expressions import is_known, normalise
from pratique.licenses.names import VAGUE
from pratique.licenses.notices import claims, notices
from pratique.licenses.spellings import key
from pratique.licenses.texts import identify

_BLANK = re.compile(r"\n[ \t\r]*\n")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]*):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_FORMAT = re.compile(r"\s*(?:#.*\n\s*)*Format(?:-Specification)?:", re.IGNORECASE)
_DOT = re.compile(r"^\s*\.$", re.MULTILINE)
_JOINED = re.compile(r"(\s+(?:and/or|and|or)\s+|,\s+(?:and|or)\s+)", re.IGNORECASE)
_VARIANT = re.compile(r"(BSD-[234]-clause|Expat|ISC|Zlib|Apache-2(?:\.0)?)[~-]\S+$", re.IGNORECASE)
_LONGEST_NAME = 60
_MOST_CLAIMS, _MOST_LICENSES = 60, 400


def read(text: str) -> Stated:
    """Return the licences of a package's files, those of its packaging (`debian/*`) left out."""
    if not _FORMAT.match(text):
        return stated(text, mixed=True)
    header, *stanzas = [_fields(stanza) for stanza in _BLANK.split(text.strip())]
    # a few have an empty line after the header's first fields
    files = [stanza for stanza in stanzas if "files" in stanza]
    licenses = [one["license"] for one in (header, *stanzas) if "license" in one]
    texts = {_name(value).lower(): _text(value) for value in licenses if _text(value)}
    own = [one for one in files if not _is_packaging(one["files"])] or files
    named = [one["license"] for one in own if "license" in one]
    if not named:
        named = licenses
    values = dict.fromkeys(named)
    every = (one for value in values for one in _licenses(value, texts) if one)
    found = dict.fromkeys(islice(every, _MOST_LICENSES))
    if not found:
        return stated(text, mixed=True)
    return Stated(tuple(found), 1.0, tuple(_claims(own))[:_MOST_CLAIMS])


def _fields(stanza: str) -> dict[str, str]:
    return {name.lower(): value for name, value in _FIELD.findall(stanza)}


def _is_packaging(files: str) -> bool:
    globs = files.split()
    return bool(globs) and all(one.startswith(("debian/", "./debian/")) for one in globs)


def _name(value: str) -> str:
    return value.partition("\n")[0].strip()


def _text(value: str) -> str:
    return _DOT.sub("", value.partition("\n")[2])


def _licenses(value: str, texts: dict[str, str]) -> Iterator[str]:
    """Yield what the value of a License field names: its short name, else what its text is."""
    name = _name(value)
    found = normalise(name) if name else ""
    if is_known(found):
        yield found
        return
    text = _text(value) or texts.get(name.lower(), "")
    told = _told(text)
    if told and not _JOINED.search(name):
        yield from told
    elif not name or len(name) > _LONGEST_NAME:
        yield from told or notices(f"{name}\n{text}")
    elif not name.lower().startswith("same-as") and (key(name) not in VAGUE or VAGUE[key(name)]):
        yield normalise(_with_known(name, texts))


def _told(text: str) -> tuple[str, ...]:
    return tuple(match.id for match in identify(text) if not match.is_header)


def _with_known(name: str, texts: dict[str, str]) -> str:
    """Return a name with the parts that only this file knows replaced by what their texts are.

    Else a part stands for what its name begins with: `BSD-3-clause~contributors`.
    """
    parts = _JOINED.split(name)
    for at, part in enumerate(parts):
        plain = part.strip(" ,()")
        if _JOINED.fullmatch(part) or not plain or is_known(normalise(plain)):
            continue
        told = _told(texts.get(plain.lower(), ""))
        if len(told) == 1:
            parts[at] = part.replace(plain, told[0])
        elif match := _VARIANT.match(plain):
            parts[at] = part.replace(plain, match[1])
    return "".join(parts)


def _claims(stanzas: Iterable[dict[str, str]]) -> Iterator[str]:
    seen = set()
    for stanza in stanzas:
        for line in stanza.get("copyright", "").splitlines():
            line = " ".join(line.split())  # noqa: PLW2901
            if line == ".":  # what follows is a notice
                break
            if line and line not in seen:
                seen.add(line)
                yield line if claims(line) else f"Copyright {line}"
