r"""The frames that patterns stand in: a token by itself, and a value that is given to a name.

Both take a character on either side of the secret, or an escape before it (`\n` in a string, `%3D`
in an address), so that they mean the same in `re` and in hyperscan. Whoever looks for the next
match must go on right behind the secret, not behind the match.
"""

from __future__ import annotations

GENERAL = ("Generic", "AsymmetricPrivateKey", "JWT")
"""Categories of rules that tell a kind of secret, not whose it is: where one of them and another
rule find the same text, the other's finding is the one to report.
"""

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_MARKS = r"[^A-Za-z0-9\r\n]{1,16}"  # = : := => ": " ", " ' || '
_WORDS = r"(?:(?:value|[Ss]tr(?:ing)?|[bru]|new|quot)" + _MARKS + ")?"  # value="…", key: str = "…"
_LINES = r"""["'\]) ]{0,3}[:=(>,][ \t]{0,4}\r?\n[ \t]{0,40}(?:["']?value["']?:)?[ "'`]{0,3}"""
_NAMED = r"""["']?,?\r?\n[ \t]{0,40}["']?value["']?:[ "'`]{0,3}"""  # Kubernetes: name, value
_ASSIGNS = f"(?:{_MARKS}{_WORDS}|{_LINES}|{_NAMED})"


def token(body: str, end: str = "A-Za-z0-9_") -> str:
    """Return the pattern of a token that needs no context; no character of `end` may follow it."""
    return rf"(?:^|[^A-Za-z0-9_]|\\[nrt]|%[0-9A-F]{{2}})(?P<secret>{body})(?:$|[^{end}])"


def assigned(name: str, body: str, end: str = "A-Za-z0-9_", between: int = 24) -> str:
    """Return the pattern of a value given to a name in any language's or format's way.

    `name` is matched in any case and may have up to `between` more characters of an identifier.
    """
    rest = f"[A-Za-z0-9_.-]{{0,{between}}}" if between else ""
    return f"(?i:{name}){rest}{_ASSIGNS}(?P<secret>{body})(?:$|[^{end}])"
