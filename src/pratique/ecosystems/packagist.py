"""Composer's versions: PHP's version_compare() after Composer has normalized them.

https://getcomposer.org/doc/articles/versions.md, https://www.php.net/version_compare
"""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_FLAGS = re.ASCII | re.IGNORECASE
_STABILITY = r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)(\d*(?:[.-]\d+)*))?([.-]?dev)?"
_CLASSIC = re.compile(rf"v?(\d{{1,5}}(?:\.\d+){{0,3}}){_STABILITY}", _FLAGS)
_DATE = re.compile(rf"v?(\d{{4}}(?:[.:-]?\d\d){{1,6}}(?:[.:-]?\d{{1,3}})?){_STABILITY}", _FLAGS)
_BRANCH = re.compile(r"v?(\d+(?:\.(?:\d+|[x*])){0,3})[.-]?dev", _FLAGS)
_FLAG = re.compile(r"@(?:stable|rc|beta|alpha|dev)$", _FLAGS)
_OTHER = re.compile(r"v?\d[0-9a-z]*(?:[._+-][0-9a-z]+)*", _FLAGS)
_TOKEN = re.compile(r"\d+|[a-z]+")
# other words < dev < alpha < beta < RC < the end < numbers < pl, by their first letters
_WORDS = (("dev", 1), ("a", 2), ("b", 3), ("rc", 4), ("p", 7))
_END, _NUMBER = (5, 0), 6
_LATEST = 9999999  # what Composer puts for the `x` of a branch
_Token = tuple[int, int]


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[_Token, ...]:
    """Return a key that sorts as Composer does.

    `1.2.x-dev` is after every 1.2. A branch without a number (`dev-main`) is before or after
    nothing: it raises ValueError, as what is no version does.
    """
    text = _FLAG.sub("", version.strip()).partition("+")[0]
    if match := _CLASSIC.fullmatch(text):
        return *_padded(match[1].split("."), 0), *_stability(match[2], match[3], match[4]), _END
    if match := _DATE.fullmatch(text):
        numbers = _tokens(match[1])
        return *numbers, *_stability(match[2], match[3], match[4]), _END
    if match := _BRANCH.fullmatch(text):
        parts = [str(_LATEST) if part in ("x", "X", "*") else part for part in match[1].split(".")]
        return *_padded(parts, _LATEST), (1, 0), _END
    if _OTHER.fullmatch(text):
        return *_tokens(text.lstrip("vV")), _END
    raise ValueError(version)


def _padded(numbers: list[str], filler: int) -> tuple[_Token, ...]:
    """Return four numbers, as Composer writes them."""
    given = [(_NUMBER, int(number)) for number in numbers]
    return (*given, *[(_NUMBER, filler)] * (4 - len(given)))


def _stability(word: str | None, number: str | None, dev: str | None) -> tuple[_Token, ...]:
    if word == "stable":  # `STABLE` is a word that Composer does not know
        return ()
    return _tokens(" ".join(part for part in (word, number, dev) if part))


def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(map(_token, _TOKEN.findall(text.lower())))


def _token(text: str) -> _Token:
    if text.isdigit():
        return _NUMBER, int(text)
    return next((rank for start, rank in _WORDS if text.startswith(start)), 0), 0


packagist = Ecosystem("Packagist", "composer", version_key, str.lower)
