"""Python packages that a requirements file pins for pip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# PEP 508 as far as a pin needs it: name, extras, version specifiers
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[[^\]]*\]\s*+)?([=<>!~(].*)")
_PIN = re.compile(r"\s*+===?\s*+([A-Za-z0-9][A-Za-z0-9._+!-]*+)\s*+")
_OTHER = re.compile(r"\s*+(?:[<>!~]=|[<>]|==)\s*+[A-Za-z0-9][A-Za-z0-9._+!*-]*+\s*+")
# where the specifiers end: an environment marker, a comment, an option of pip (--hash=…)
_END = re.compile(r"[;#]|\s--?[a-z]")
_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb": "utf-8-sig"}


def pinned(line: str) -> tuple[str, str] | None:
    """Return the name and version where a requirement (PEP 508) allows one version only.

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


def _analyze(file: File) -> Iterator[Package]:
    # -r and -c name other files, which are read where their own names say what they are;
    # a file in hand is read for itself, so a constraint is not applied to another's ranges
    for number, line in _logical_lines(_text(file.read(), file.path)):
        pin = pinned(line)
        if pin:
            yield Package(file.path, "pip", "pypi", pin[0], pin[1], line=number)


def _text(data: bytes, where: str) -> str:
    text = data.decode(_ENCODINGS.get(data[:2], "utf-8"), "replace")
    if "\0" in text:
        raise MalformedError("not a text file", where)
    return text


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Join continued lines as pip does; each has the number of its first."""
    parts: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), 1):
        first = first if parts else number
        comment = line.lstrip().startswith("#")
        parts.append(" " if comment else line.removesuffix("\\"))
        if comment or not line.endswith("\\"):
            yield first, "".join(parts)
            parts = []
    yield first, "".join(parts)


requirements = Analyzer(
    "pip", 1, ("*requirements*.txt", "requirements/*.txt"), _analyze, reads="locked"
)
