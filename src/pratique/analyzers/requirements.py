"""Python packages that a requirements file pins for pip."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.codecs.requirement import pinned, required_name
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb": "utf-8-sig"}
_INCLUDE = r"\s*(-r|-c|--requirement|--constraint)(?:\s*=|(?<=-\w)|\s)\s*([^\s#]+)"
_HASH = r"\s--hash[=\s]\s*(\S+)"
_READ = r"(?:.*/)?(?:[^/]*requirements[^/]*|requirements/[^/]+)\.txt"  # the analyzer's globs


def _analyze(file: File) -> Iterator[Package]:
    """Read a requirements file (https://pip.pypa.io/en/stable/reference/requirements-file-format).

    A file that it includes is read for itself where its name is one of those that are looked for;
    one of another name is a problem, and so are constraints that decide the version of what is
    asked for here without one: a constraint is another file's, and is not applied.
    """
    unread: list[str] = []
    constraints: list[str] = []
    loose = False
    for number, line in _logical_lines(_text(file.read(), file.path)):
        if pin := pinned(line):
            hashes = digests(re.findall(_HASH, line)) if "--hash" in line else ()
            yield Package(file.path, "pip", "pypi", *pin, line=number, hashes=hashes)
        elif include := re.match(_INCLUDE, line):
            said = f"line {number}: {include[2]}"
            if include[1] in ("-c", "--constraint"):
                constraints.append(f"{said} is not applied to what has no version here")
            elif not _is_read(file.path, include[2]):
                unread.append(f"{said} is not read: its name is not *requirements*.txt")
        else:
            loose = loose or bool(required_name(line))
    if found := unread + (constraints if loose else []):
        raise MalformedError("; ".join(found[:9]), file.path)


def _is_read(path: str, included: str) -> bool:
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), included))
    return bool(re.fullmatch(_READ, place)) and not place.startswith("../")


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
