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

_CLOSING = r"""(?:\\?["'`\])]){0,3}"""  # of the name: KEY" or KEY"] or KEY\"
_TYPE = r"""(?:[ ]{0,2}:?[ ]{1,2}[Ss]tr(?:ing)?)?"""  # key: str = …, const key string = …
_SIGNS = (
    r"""[ \t]{0,8}(?::=|:-|=>|==?|[|?]{2}|[:,(])[ \t\r\n]{0,24}(?:[bru]|new|String|\(){0,2}""",
    r"""[ \t]{1,8}""",  # ENV KEY value, --key value
    r""">[ \t\r\n]{0,24}""",  # <key>value</key>
    r"""[ \t]{1,4}value[ \t]{0,2}=[ \t]{0,2}""",  # <add key="KEY" value="value"/>
    r"""["']?,?[ \t]{0,4}\r?\n?[ \t]{0,40}["']?value["']?[ \t]{0,2}:[ \t]{1,4}""",  # Kubernetes
)
_OPENING = r"""(?:\\?["'`]|&quot;){0,2}"""
_ASSIGNS = f"{_CLOSING}{_TYPE}(?:{'|'.join(_SIGNS)}){_OPENING}"


def token(body: str, end: str = "A-Za-z0-9_") -> str:
    """Return the pattern of a token that needs no context; no character of `end` may follow it."""
    return rf"(?:^|[^A-Za-z0-9_]|\\[nrt]|%[0-9A-F]{{2}})(?P<secret>{body})(?:$|[^{end}])"


def assigned(name: str, body: str, end: str = "A-Za-z0-9_", between: int = 24) -> str:
    """Return the pattern of a value given to a name in any language's or format's way.

    `name` is matched in any case and may have up to `between` more characters of an identifier.
    """
    rest = f"[A-Za-z0-9_.-]{{0,{between}}}" if between else ""
    return f"(?i:{name}){rest}{_ASSIGNS}(?P<secret>{body})(?:$|[^{end}])"
