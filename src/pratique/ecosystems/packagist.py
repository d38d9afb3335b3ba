"""Composer's versions: PHP's version_compare() after Composer has normalized them."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_TOKEN = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_VALID = re.compile(r"v?\d+(?:[._+-]?[0-9A-Za-z]+)*", re.IGNORECASE | re.ASCII)
# https://www.php.net/version_compare: other words < dev < alpha < beta < RC < # < pl
_WORDS = {"dev": 1, "alpha": 2, "a": 2, "beta": 3, "b": 3, "rc": 4, "c": 4, "pl": 7, "p": 7,
          "patch": 7}  # fmt: skip
_END, _NUMBER = (5, 0), 6
_Token = tuple[int, int]


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[_Token, ...]:
    """Return a key that sorts as Composer does; raises ValueError for a branch (`dev-main`)."""
    text = version.strip().partition("+")[0].partition("@")[0]
    if not _VALID.fullmatch(text):
        raise ValueError(version)
    tokens = _TOKEN.findall(text.lower().removeprefix("v"))
    numbers = next((i for i, t in enumerate(tokens) if not t.isdigit()), len(tokens))
    release = [int(token) for token in tokens[:numbers]]
    release += [0] * (4 - len(release))  # Composer writes four
    words = [word for word in tokens[numbers:] if word != "stable"]
    return (*((_NUMBER, n) for n in release), *map(_token, words), _END)


def _token(text: str) -> _Token:
    return (_NUMBER, int(text)) if text.isdigit() else (_WORDS.get(text, 0), 0)


packagist = Ecosystem("Packagist", "composer", version_key, str.lower)
