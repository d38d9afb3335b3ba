"""Tell SPDX licence expressions from names that somebody made up.

https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
"""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.codecs.sbom.license_ids import EXCEPTIONS, LICENSES

_TOKEN = re.compile(r"[()]|[^\s()]+")
_LONGEST = 1000


def is_id(text: str) -> bool:
    return text in LICENSES


@lru_cache(maxsize=4096)
def is_expression(text: str) -> bool:
    """Tell whether a text is an expression of listed licences; `LicenseRef-` is not resolved."""
    if len(text) > _LONGEST:
        return False
    depth = 0
    expects = "operand"
    for token in _TOKEN.findall(text):
        if expects == "operand" and token == "(":
            depth += 1
        elif expects == "operand":
            if token not in LICENSES and token.removesuffix("+") not in LICENSES:
                return False
            expects = "WITH"
        elif expects == "exception":
            if token not in EXCEPTIONS:
                return False
            expects = "operator"
        elif token == ")" and depth:
            depth -= 1
            expects = "operator"
        elif token == "WITH" and expects == "WITH":
            expects = "exception"
        elif token in ("AND", "OR"):
            expects = "operand"
        else:
            return False
    return depth == 0 and expects in ("WITH", "operator")


def conjuncts(expression: str) -> list[str]:
    """Return what is joined by AND at the top of an expression, outer parentheses taken off."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in _TOKEN.findall(expression):
        if token == "AND" and depth == 0:
            parts.append([])
            continue
        depth += {"(": 1, ")": -1}.get(token, 0)
        parts[-1].append(token)
    return [_joined(part) for part in parts if part]


def _joined(tokens: list[str]) -> str:
    if tokens[0] == "(" and tokens[-1] == ")" and _closes_last(tokens):
        tokens = tokens[1:-1]
    return re.sub(r"\( | \)", lambda match: match[0].strip(), " ".join(tokens))


def _closes_last(tokens: list[str]) -> bool:
    depth = 0
    for position, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0:
            return position == len(tokens) - 1
    return False
