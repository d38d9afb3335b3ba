"""Normalise what packages say of their licences to SPDX expressions.

https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/. Names that nobody listed stay as
found; beside known ones in an expression they become a `LicenseRef-`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pratique.licenses.ids import EXCEPTIONS, LICENSES
from pratique.licenses.names import VAGUE
from pratique.licenses.spellings import exception_of, key, license_of

LONGEST = 1000
_MOST_PARTS = 60
_REPLACED = {
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "eCos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
    "wxWindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
    "Nunit": "zlib-acknowledgement",
    "StandardML-NJ": "SMLNJ",
    "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views",
    "BSD-2-Clause-NetBSD": "BSD-2-Clause",
    "bzip2-1.0.5": "bzip2-1.0.6",
}
"""Ids that SPDX has withdrawn, and what says the same."""
_LATER = re.compile(
    r",?\s+or\s*,?\s*\(?\s*(?:at your option\s*\)?\s*,?\s*)?"
    r"(?:any\s+)?(?:later|newer|greater|higher)"
    r"(?:\s+versions?)?\)?",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\s*\(\s*>=?\s*(\d+(?:\.\d+)*)\s*\)")
_FILE = re.compile(
    r"\s*[+|]\s*file\s+\S+|\bsee licen[cs]e in\b.*|\bfile\s+licen[cs]e\b", re.IGNORECASE
)
_SPLIT = re.compile(
    r"(\(|\)|\s+and/or\s+|[,;]\s*and\s+|[,;]\s*or\s+|\s+and\s+|\s+or\s+|\s*\|\|?\s*|\s*&&?\s*|\s*[,;]\s*|/"
    r"|_or_|_and_)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\s+with\s+|\s+plus\s+(?=\S+[ -]exception)|-with-(?=\S+[- ]exception)", re.IGNORECASE
)
_TRAILING = re.compile(
    r"(.{2,40}?[\d+])[- _]([A-Za-z]\w*(?:[- ]\w+)?[- _]exceptions?)", re.IGNORECASE
)
_DUAL = re.compile(r"\s*dual[- ]licen[cs]ed?(?: under)?\s*:?\s*", re.IGNORECASE)
_ASIDE = re.compile(r"(?<=[\w.+])\s*\([^()]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def current(id: str) -> str:
    """Return an id of SPDX's list, or its replacement where SPDX has withdrawn it; `+` is read."""
    if id in _REPLACED:
        return _REPLACED[id]
    plain = id.removesuffix("+")
    if plain != id and f"{plain}-or-later" in LICENSES:
        return f"{plain}-or-later"
    if f"{plain}-only" in LICENSES:
        return f"{plain}-only"
    return id


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Return the SPDX expression that a text stands for; the text, cleaned of space, where none.

    The result is what it is of itself. Texts of more than 1,000 characters are nobody's names and
    stay as they are, cut.
    """
    text = " ".join(text.replace("\0", " ").split())
    if len(text) > LONGEST:
        return text[:LONGEST].rstrip()
    if text in LICENSES:
        return current(text)
    plain = _AT_LEAST.sub(r"-\1+", _FILE.sub("", _LATER.sub("+", text))).strip()
    return _named(plain) or _vague(plain) or _compound(plain) or text


def is_known(expression: str) -> bool:
    """Tell whether each licence of an expression is on SPDX's list."""
    return all(
        word in LICENSES or word.removesuffix("+") in LICENSES or word in EXCEPTIONS
        for word in re.findall(r"[^\s()]+", expression)
        if word not in ("AND", "OR", "WITH")
    ) and bool(expression)


def reference(name: str) -> str:
    """Return a `LicenseRef-` for a name that nobody listed."""
    if name.startswith("LicenseRef-") and re.fullmatch(r"[A-Za-z0-9.-]+", name):
        return name
    return "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-") or "unnamed")


def plain_name(expression: str) -> str:
    """Return `BSD` for `LicenseRef-BSD`, and so on for usual names that are none of SPDX's."""
    name = expression.removeprefix("LicenseRef-")
    return name if name in _USUAL else expression


_USUAL = frozenset(filter(None, VAGUE.values()))


def _named(text: str) -> str:
    """Return what a single name stands for, with its exception; empty where it is not known."""
    if not text:
        return ""
    if text in LICENSES:
        return current(text)
    if text.startswith("LicenseRef-") and re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", text):
        return text
    head, *tail = _WITH.split(text, maxsplit=1)
    if tail and (base := _named(head)):
        return _with(base, tail[0])
    if match := _TRAILING.fullmatch(text):  # GPL-2+-autoconf-exception
        base, exception = _named(match[1]), exception_of(match[2])
        if exception and " " not in base and base in LICENSES:
            return f"{base} WITH {exception}"
    found = license_of(text)
    if not found and (match := _ADDRESS.search(text)) and match[0] != text:
        found = license_of(match[0].rstrip(").,;>"))
    return found and (current(found) if found in LICENSES else found)


def _with(base: str, exception: str) -> str:
    if " " in base or base not in LICENSES:
        return ""
    if exception.lower() in ("exception", "exceptions", "linking exception"):
        return f"LicenseRef-{base}-with-exceptions"
    if known := exception_of(exception):
        return f"{base} WITH {known}"
    if "advertising" in exception.lower():
        return ""
    return reference(f"{base}-with-{exception}")


def _vague(text: str) -> str:
    plain = key(text)
    if re.match(r"(?:sdbm )?public domain\b(?! dedication)", plain) and len(plain) < 40:
        return "public-domain"
    return VAGUE.get(plain, "")


def _compound(text: str) -> str:
    """Return an expression of several names, of which one at least must be known."""
    if match := _DUAL.match(text):
        text = re.sub(r"\s+and\s+", " or ", text[match.end() :], flags=re.IGNORECASE)
    parts = [part for part in _SPLIT.split(_spaced(text)) if part.strip()]
    if len(parts) > _MOST_PARTS:
        return ""
    words = list(_joined([_operator(part) for part in parts]))
    known = [word for word in words if word not in _OPERATORS]
    if not any(is_known(word) for word in known):
        return ""
    if found := _rendered(_grouped(words)):
        return found
    plain = _ASIDE.sub("", text)
    return normalise(plain) if plain != text and is_known(normalise(plain)) else ""


_OPERATORS = ("(", ")", "AND", "OR", ", AND", ", OR")


def _spaced(text: str) -> str:
    """Put `and` between names that stand side by side, as Alpine's old packages have them."""
    words = text.split()
    if 1 < len(words) <= 20 and all(_named(word) or _vague(word) for word in words):
        return " and ".join(words)
    return text


def _operator(part: str) -> str:
    plain = part.strip().lower()
    if plain in ("(", ")"):
        return plain
    if plain in ("or", "|", "||", "/", "and/or", "_or_"):
        return "OR"
    if plain in ("and", "&", "&&", "_and_"):
        return "AND"
    if plain in (",", ";") or (plain[0] in ",;" and plain.endswith("and")):
        return ", AND"
    if plain[0] in ",;":
        return ", OR"
    return part.strip()


def _joined(parts: list[str]) -> Iterator[str]:
    """Yield names and operators: what was split but is one name is put together again."""
    at = 0
    while at < len(parts):
        if parts[at] in _OPERATORS:
            yield parts[at]
            at += 1
            continue
        end, name = _longest(parts, at)
        yield name or VAGUE.get(key(parts[at])) or parts[at]
        at = end


def _longest(parts: list[str], at: int) -> tuple[int, str]:
    """Return the end of the longest name that begins here, and what it stands for."""
    for end in range(min(len(parts), at + 7), at, -1):
        if parts[at:end].count("(") != parts[at:end].count(")"):
            continue
        words = (part.lower().replace(", and", "and") for part in parts[at:end])
        if name := _named(parts[at] if end == at + 1 else " ".join(words)):
            return end, name
    return at + 1, ""


def _grouped(words: list[str]) -> str:
    """Return an expression in which what commas part binds weakest, as in Debian's copyright."""
    parts: list[list[str]] = [[]]
    joints: list[str] = []
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word.startswith(", ") and depth == 0:
            joints.append(word[2:])
            parts.append([])
        else:
            atom = word.removeprefix(", ") if word in _OPERATORS else _atom(word)
            parts[-1].append(atom)
    sides = [" ".join(part) for part in parts]
    sides = [f"({side})" if " " in side and len(sides) > 1 else side for side in sides]
    # of `a, b or c` the last says what all the commas are
    if joints and joints[-1] == "OR":
        joints = ["OR"] * len(joints)
    return sides[0] + "".join(f" {j} {s}" for j, s in zip(joints, sides[1:], strict=True))


def _atom(word: str) -> str:
    if " OR " in word or " AND " in word:
        return f"({word})"
    return word if is_known(word) else reference(word)


def _rendered(text: str) -> str:
    """Return an expression as SPDX writes it, each part once; empty where it makes no sense."""
    from license_expression import ExpressionError, Licensing  # noqa: PLC0415 - 16 ms

    try:
        licensing = Licensing()
        parsed = licensing.dedup(licensing.parse(text, simple=True))
        return str(parsed.render()) if parsed is not None else ""
    except (ExpressionError, ValueError, TypeError, AttributeError, RecursionError, IndexError):
        return ""
