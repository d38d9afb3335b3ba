"""Text of strangers, made harmless for where it is shown."""

from __future__ import annotations

_MARKUP = frozenset(r"\`*_{}[]<>()#+!|~&$@")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def printable(text: str) -> str:
    """Return text without control characters: a name in a hostile image cannot move the cursor."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def lines(text: str) -> str:
    """Return text that may have several lines, otherwise without control characters."""
    return "\n".join(printable(line) for line in text.splitlines())


def cut(text: str, most: int) -> str:
    """Return at most so many characters, the last an ellipsis where some are left out."""
    return text if len(text) <= most else text[: most - 1] + "…"


def markdown(text: str) -> str:
    """Return one line that Markdown shows as it is: no markup, link, mention or HTML."""
    flat = printable(" ".join(text.split()))
    return "".join(f"\\{c}" if c in _MARKUP else c for c in flat)


def cell(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
