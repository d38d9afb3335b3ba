"""WWW-Authenticate: what a server wants before it answers (RFC 9110, section 11.6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LIMIT = 8192
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110, section 5.6.2
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))\s*(?:,|$)')
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?=\s|,|$)(?:\s+[A-Za-z0-9._~+/-]+=*\s*(?=,|$))?")


def challenges(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each scheme in lower case with its parameters; stops where the header is nonsense."""
    header, at = header[:_LIMIT], 0
    while found := _SCHEME.match(header, at):
        at, parameters = found.end(), {}
        while pair := _PARAMETER.match(header, at):
            at = pair.end()
            value = pair[3] if pair[2] is None else re.sub(r"\\(.)", r"\1", pair[2])
            parameters[pair[1].lower()] = value
        yield found[1].lower(), parameters
