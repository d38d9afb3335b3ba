"""Tell by its name, and by what its value is not, whether a setting holds a secret.

The value is looked at to leave out what is none: a reference, a path, a switch, a place-holder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(
    r"(?:^|[_.\-])(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|tokens?|api_?keys?|credentials?"
    r"|(?:private|secret|access|signing|encryption|master|auth|account|service|license|ssh)_?key"
    r"|client_?secret|connection_?string|dsn|jwt|htpasswd|pat)(?:$|[_.\-]|\d)"
    r"|password|passwd|(?:^|_)(?:\w+pass|secret\w*key\w*)$",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"(?:_|-|\.)(?:file|path|dir|folder|location|url|uri|endpoint|host|port|name|names|user|username|id|ids"
    r"|arn|type|kind|length|len|min|max|size|ttl|timeout|expir\w*|lifetime|age|seconds|minutes|days"
    r"|algorithm|alg|enabled|disabled|required|policy|hash(?:er)?|header|prefix|suffix|issuer|audience"
    r"|provider|manager|version|count|limit|bucket|scope|format|encoding|rotation|public|cookie"
    r"|mount|store|class|sha256|checksum|fingerprint|rounds|cost|charset)$"
    r"|(?:^|[_\-.])(?:no|public|use|enable|disable|allow|require|random|generate|max|min)(?=[_\-.])"
    r"|public_?key|key_?id|(?:^|_)gpg_?keys?$|^(?:old)?pwd$|compass|bypass",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(
    r"(?:\$\{?\w+.*|\$\(.*|%\(?\w+.*|/run/secrets/.*|/[\w./-]+|(?:file|vault|env|ssm|secretsmanager):.*"
    r"|\{\{.*\}\}|<[^>]*>|true|false|yes|no|on|off|none|null|nil|undefined|0|1|\*+|x{3,}|\.{3,}|)",
    re.IGNORECASE | re.DOTALL,
)
_CREDENTIALS_IN_URL = re.compile(r"[a-z][a-z0-9+.\-]{1,20}://[^/\s:@]{0,200}:([^/\s@]{1,200})@")


def is_secret(name: str, value: str) -> bool:
    """Tell whether a setting that is named like this, with this value, gives a secret away.

    An empty value does not, nor does one that says where the secret is; an URL with a password
    does, whatever its name.
    """
    value = value.strip()
    if (match := _CREDENTIALS_IN_URL.search(value)) and not _NO_VALUE.fullmatch(match[1]):
        return True
    if not _NAME.search(name) or _NO_SECRET.search(name):
        return False
    return not _NO_VALUE.fullmatch(value)


def is_weak(value: str) -> bool:
    """Tell whether a password is one that everybody tries first."""
    return value.strip().lower() in _WEAK


_WEAK = frozenset({
    "password", "passwd", "pass", "admin", "root", "toor", "test", "secret", "changeme",
    "change_me", "change-me", "default", "example", "postgres", "mysql", "guest", "user",
    "1234", "12345", "123456", "12345678", "qwerty", "letmein", "password1", "password123",
    "minioadmin", "rabbitmq",
})  # fmt: skip


def masked(text: str) -> str:
    """Return a line of a build with the values of secret-like settings taken out."""
    text = _CREDENTIALS_IN_URL.sub(lambda m: m[0].replace(f":{m[1]}@", ":***@"), text)
    return _SETTING.sub(
        lambda m: f"{m[1]}***" if is_secret(m[1].rstrip("= "), m[2]) else m[0], text
    )


_SETTING = re.compile(r"""(\b[\w.\-]{2,100}=)("[^"]*"|'[^']*'|[^\s"';&|]+)""")


def secret_names(settings: Mapping[str, str]) -> list[str]:
    """Return the names of those settings that give a secret away, in their order."""
    return [name for name, value in settings.items() if is_secret(name, value)]
