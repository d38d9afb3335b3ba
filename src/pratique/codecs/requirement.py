"""Read Python's requirements (PEP 508) as far as a pinned version needs it, and project names."""

from __future__ import annotations

import re

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*+)")
_REQUIREMENT = re.compile(_NAME.pattern + r"\s*+(?:\[[^\]]*\]\s*+)?([=<>!~(].*)")
_PIN = re.compile(r"\s*+===?\s*+([A-Za-z0-9][A-Za-z0-9._+!-]*+)\s*+")
_OTHER = re.compile(r"\s*+(?:[<>!~]=|[<>]|==)\s*+[A-Za-z0-9][A-Za-z0-9._+!*-]*+\s*+")
# where the specifiers end: an environment marker, a comment, an option of pip (--hash=…)
_END = re.compile(r"[;#]|\s--?[a-z]")


def pinned(line: str) -> tuple[str, str] | None:
    """Return the name and version where a requirement allows one version only.

    `==1.*` and ranges do not; nor does a direct reference (`name @ url`), whose version is not
    written here.
    """
    requirement = _REQUIREMENT.match(line)
    if not requirement:
        return None
    specifiers = _END.split(requirement[2], maxsplit=1)[0].strip()
    if specifiers.startswith("(") and specifiers.endswith(")"):
        specifiers = specifiers[1:-1]
    version = ""
    for specifier in specifiers.split(","):
        pin = _PIN.fullmatch(specifier)
        if pin:
            version = version or pin[1]
        elif specifier.strip() and not _OTHER.fullmatch(specifier):
            return None
    return (requirement[1], version) if version else None


def required_name(requirement: str) -> str:
    """Return the normalized name that a requirement begins with; empty where there is none."""
    match = _NAME.match(requirement)
    return normalized(match[1]) if match else ""


def normalized(name: str) -> str:
    """Return a project's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()
