"""Tell the package that the address of a JavaScript module is of, where the address says it.

deno.land and jsr.io are registries; esm.sh and its like serve what npm has
(https://docs.deno.com/runtime/fundamentals/modules/).
"""

from __future__ import annotations

import re

_NAME = r"\*?((?:@[\w.-]+/)?[\w.-]+)"
_VERSION = r"v?(\d+\.\d+\.\d+(?:[-+][\w.+-]*)?)"
_AT = _NAME + "@" + _VERSION
_PLACES = tuple(
    (type, re.compile(r"https?://" + pattern + r"(?:[/?&#].*)?"))
    for type, pattern in (
        ("deno", r"deno\.land/(?:x/)?([\w.-]+)@(v?\d[^/?#]*)"),
        ("jsr", rf"jsr\.io/{_NAME}/{_VERSION}"),
        ("jsr", rf"esm\.sh/jsr/{_AT}"),
        ("npm", rf"(?:cdn\.)?esm\.sh/(?:v\d+/|stable/)?{_AT}"),
        ("npm", rf"cdn\.jsdelivr\.net/npm/{_AT}"),
        ("npm", rf"esm\.run/{_AT}"),
        ("npm", rf"(?:www\.)?unpkg\.com/{_AT}"),
        # a digest of the build follows the version
        ("npm", rf"cdn\.skypack\.dev/(?:-/|pin/){_NAME}@{_VERSION}(?<=-\w{{20}})"),
        ("npm", rf"cdn\.skypack\.dev/{_AT}"),
        ("npm", rf"(?:ga\.jspm\.io/npm:|jspm\.dev/){_AT}"),
        ("github", r"raw\.githubusercontent\.com/([\w.-]+/[\w.-]+)/([^/?#]+)"),
        ("github", r"(?:cdn\.jsdelivr\.net|esm\.sh)/gh/([\w.-]+/[\w.-]+)@([^/?#]+)"),
    )
)
_BUILD = re.compile(r"-\w{20}$")


def module_of(address: str) -> tuple[str, str, str] | None:
    """Return purl type, name and version; None where the address does not tell one version."""
    for type, pattern in _PLACES:
        if found := pattern.fullmatch(address):
            version = _BUILD.sub("", found[2]) if "skypack" in address else found[2]
            return type, found[1], version
    return None


def specified(specifier: str) -> tuple[str, str, str] | None:
    """Return what `npm:name@1.2.3`, `jsr:@scope/name@1.2.3` or an address asks for."""
    type, _, rest = specifier.partition(":")
    if type not in ("npm", "jsr"):
        return module_of(specifier)
    found = re.fullmatch(_AT + r"(?:/.*)?", rest.lstrip("/"))
    return (type, found[1], found[2]) if found else None
