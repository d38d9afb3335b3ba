"""Tell SPDX licence expressions from names that somebody made up.

https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pratique.licenses.ids import EXCEPTIONS, LICENSES

_WORD = re.compile(r"[()]|[^\s()]+")
_OTHER = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
_LONGEST = 1000


def _is_license(word: str) -> bool:
    return word in LICENSES or word.removesuffix("+") in LICENSES or bool(_OTHER.fullmatch(word))


# what may come next, and what that leads to: a grammar of words, parentheses being counted
_Expected = tuple[tuple[str, Callable[[str], bool]], ...]
_OPERAND: _Expected = (("operand", "(".__eq__), ("license", _is_license))
_AFTER_PART: _Expected = (("operand", ("AND", "OR").__contains__), ("part", ")".__eq__))
_AFTER_LICENSE: _Expected = (("exception", "WITH".__eq__), *_AFTER_PART)
_NEXT: dict[str, _Expected] = {
    "operand": _OPERAND,
    "license": _AFTER_LICENSE,
    "exception": (("part", EXCEPTIONS.__contains__),),
    "part": _AFTER_PART,
}


def is_id(text: str) -> bool:
    return text in LICENSES


@lru_cache(maxsize=4096)
def is_expression(text: str) -> bool:
    """Tell whether a text is an expression of listed licences; any `LicenseRef-` will do."""
    if len(text) > _LONGEST:
        return False
    depth = 0
    expected = _OPERAND
    for word in _WORD.findall(text):
        depth += {"(": 1, ")": -1}.get(word, 0)
        follows = next((then for then, is_it in expected if is_it(word)), None)
        if depth < 0 or follows is None:
            return False
        expected = _NEXT[follows]
    return depth == 0 and expected in (_AFTER_LICENSE, _AFTER_PART)


def others_in(expression: str) -> list[str]:
    """Return the `LicenseRef-` names of an expression, which its document has to explain."""
    return _OTHER.findall(expression)
