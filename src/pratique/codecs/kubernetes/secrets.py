"""Texts in manifests that look like secrets by the name they stand under."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?:^|[_.\-]|(?<=[a-z]))(?:passwords?|passwd|passphrase|pwd|secrets?|token|api[_\-.]?key|access[_\-.]?key"
    r"|private[_\-.]?key|secret[_\-.]?key|encryption[_\-.]?key|client[_\-.]?secret|credentials?)$",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"""^(?:\W*|true|false|yes|no|none|null|nil|\d{1,3}|/[\w./\-]*|\.{1,2}/.*|https?://[^@]*|file:.*
    |.*\$[({\w].*|<.*>|\{\{.*\}\}|%.*%|x{3,}|\*+|change[_\- ]?me.*|your[_\- ].*|replace[_\- ]?.*
    |placeholder|todo|dummy|redacted|arn:.*|vault:.*|secret(?:manager|ref)?:.*|projects/.*|op://.*|.*EXAMPLE.*|ref\+.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY")
_LOGIN = re.compile(
    r"\b[a-z][a-z0-9+.\-]{1,15}://[^\s/:@$<{]{1,64}:(?P<word>[^\s/@$<{*]{3,128})@[\w.\-]"
)


def secret_in(name: str, value: object) -> str:
    """Say which secret a named text holds, judged by the name and the text; empty for none.

    References, file names, placeholders and templates are no secrets.
    """
    if not isinstance(value, str):
        return ""
    if _KEY.search(value):
        return "a private key"
    if (login := _LOGIN.search(value)) and not _NO_SECRET.match(login["word"]):
        return "an address with a password in it"
    if _NAME.search(name) and "\n" not in value and not _NO_SECRET.match(value.strip()):
        return "a secret, by its name"
    return ""
