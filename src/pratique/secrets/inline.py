"""Comments that let a secret pass: `pratique:ignore`, and what other scanners call it."""

from __future__ import annotations

import re

_COMMENT = re.compile(
    rb"(?:(?:pratique|trivy):ignore(?::([\w.*,-]+))?|gitleaks:allow)(?![\w:])", re.IGNORECASE
)
_LONGEST = 2000
"""Bytes before and behind a secret that are taken for its line and the one above."""


def is_ignored(text: bytes, at: int, rule: str) -> bool:
    """Tell whether a comment on a secret's line, or alone on the line above, lets it pass.

    `pratique:ignore:github-pat,jwt-token` names rules; without names it is for all of them.
    """
    low = max(0, at - _LONGEST)
    begin = text.rfind(b"\n", low, at) + 1 or low
    stop = text.find(b"\n", at, at + _LONGEST)
    above = text.rfind(b"\n", low, max(low, begin - 1)) + 1 or low
    lines = (text[begin : stop if stop >= 0 else at + _LONGEST], text[above:begin])
    return any(_names(match, rule) for line in lines for match in _COMMENT.finditer(line))


def _names(match: re.Match[bytes], rule: str) -> bool:
    names = match[1]
    return names is None or rule in (named := names.decode().split(",")) or "*" in named
