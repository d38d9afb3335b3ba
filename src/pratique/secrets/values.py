"""Tell values that stand in for a secret: examples, placeholders, templates."""

from __future__ import annotations

import re

GENERAL = ("Generic", "AsymmetricPrivateKey", "JWT")
"""Categories that tell a kind of secret, not whose it is: another rule knows better."""

_WORDS = re.compile(
    r"example|sample|placeholder|dummy|change[-_ ]?(?:me|this|it)|your[-_ ]"
    r"|replace[-_ ]?(?:me|with)|insert[-_ ]|redacted|x{5}"
    r"|\*{3}|\.{3}|\bfake|not[-_ ]?(?:a[-_ ]?)?(?:real|secret)",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"^(?:\$\{?\w|\$\(|<[^<>]*>$|\{\{|%\(|%[\w_]+%$|@\w+@$|#\{|\[\w+\]$|\{\w*\}$)"
)


def is_placeholder(value: str) -> bool:
    """Tell whether a value is none that anybody uses: `${TOKEN}`, `<your-token>`, `xxxxxxxx`."""
    return (
        len(set(value)) < 3 or _TEMPLATE.match(value) is not None
        or (len(value) < 200 and _WORDS.search(value) is not None)
    )  # fmt: skip
