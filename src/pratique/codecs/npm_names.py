"""Take apart the ways in which JavaScript's lock files join a package's name with something."""

from __future__ import annotations


def split(text: str) -> tuple[str, str]:
    """Return `name` and the rest of `name@rest`; the name may begin with a scope, `@scope/name`."""
    at = text.find("@", 1)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def aliased(name: str, wanted: str) -> str:
    """Return the name that is installed: of `npm:other@^1`, which an alias asks for, `other`."""
    if not wanted.startswith("npm:"):
        return name
    other, rest = split(wanted[4:])
    return other if rest else name
