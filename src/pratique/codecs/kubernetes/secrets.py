"""Texts in manifests that look like secrets by the name they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object

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


_SETTING = re.compile(
    r"^[ \t]*+[\"']?([\w.\-]{1,80})[\"']?[ \t]*+[=:]"
    r"[ \t]*+[\"']?([^\s\"'#,]{1,200})[\"']?,?[ \t]*+\r?$",
    re.MULTILINE,
)
_SHORTEST = 4
_MOST = 200
_MASK = "********"


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


def settings_in(value: object) -> Iterator[tuple[str, str]]:
    """Yield the names and words of the settings in a file that is a ConfigMap's value."""
    if isinstance(value, str) and "\n" in value:
        for match in _SETTING.finditer(value):
            yield match[1], match[2]


def masked(text: str, one: Object) -> str:
    """Return the text of a manifest without the secrets of one of its objects, line by line."""
    for number, word in enumerate(_words(one)):
        if number == _MOST:
            break
        for line in word.splitlines():
            if len(line.strip()) >= _SHORTEST:
                text = text.replace(line.strip(), _MASK)
    return text


def _words(one: Object) -> Iterator[str]:
    for name, value in _named(one):
        if isinstance(value, str) and (one.kind == "Secret" or secret_in(name, value)):
            login = _LOGIN.search(value)
            yield login["word"] if login else value


def _named(one: Object) -> Iterator[tuple[str, object]]:
    for container in one.containers:
        for variable, _ in container.maps("env"):
            yield str(variable.get("name", "")), variable.get("value")
        for word in (*container.names("command"), *container.names("args")):
            name, _, value = word.lstrip("-").partition("=")
            yield name, value
    if one.kind in ("Secret", "ConfigMap"):
        for part in ("data", "stringData"):
            for key, value in one.mapping(part).items():
                yield key, value
                yield from settings_in(value)
