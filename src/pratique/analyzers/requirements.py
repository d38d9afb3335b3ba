"""Python packages that a requirements file pins for pip."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.digests import digests
from pratique.codecs.requirement import normalized, pinned, required_name
from pratique.codecs.via_comments import needed_by
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb": "utf-8-sig"}
_INCLUDE = re.compile(r"\s*(-r|-c|--requirement|--constraint)(?:\s*=|(?<=-\w)|\s)\s*([^\s#]+)")
_HASH = r"\s--hash[=\s]\s*(\S+)"
_READ = r"(?:.*/)?(?:[^/]*requirements[^/]*|requirements/[^/]+)\.txt"  # the analyzer's globs
_MOST = 50  # files that one asks for, each read once
_NAMED = 9


class _Line(Struct, frozen=True):
    number: int
    name: str
    version: str
    """Empty where the line allows several."""
    hashes: tuple[str, ...]
    elsewhere: bool = False
    """Whether the file that it stands in is read for itself as well."""


def _analyze(file: File) -> Iterator[Package]:
    """Read a requirements file (https://pip.pypa.io/en/stable/reference/requirements-file-format).

    Constraints give a version to what is asked for here without one. A file that is included is
    read for itself where its name is one of those that are looked for, else as part of this one.
    What is not there is said by the error at the end.
    """
    text = _text(file.read(), file.path)
    read = _Reading(file)
    read.collect(file.path, text)
    yield from _with_reasons([*_packages(file.path, read)], needed_by(text))
    if gaps := read.gaps():
        raise MalformedError("; ".join(gaps[:_NAMED]), file.path)


def _packages(path: str, read: _Reading) -> Iterator[Package]:
    for one in read.asked:
        chosen = one if one.version else read.constraints.get(normalized(one.name), one)
        if chosen.version and not (one.version and one.elsewhere):
            yield Package(path, "pip", "pypi", one.name, chosen.version, line=one.number,
                          hashes=one.hashes or chosen.hashes)  # fmt: skip


def _with_reasons(packages: list[Package], reasons: dict[str, set[str]]) -> Iterator[Package]:
    """Yield packages with what they need and what they are there for, where comments tell it."""
    needs: dict[str, set[str]] = {}
    for package in packages if reasons else ():
        for by in reasons.get(normalized(package.name), ()):
            needs.setdefault(by, set()).add(f"{package.name}@{package.version}")
    for package in packages:
        name = normalized(package.name)
        whose = reasons.get(name)
        role = "" if whose is None else "direct" if "" in whose else "indirect"
        depends = tuple(sorted(needs.get(name, ())))
        yield replace(package, relation=role, depends=depends) if role or depends else package


class _Reading:
    """What a file and those that it includes say; each is read once."""

    def __init__(self, file: File, seen: set[str] | None = None) -> None:
        self._file = file
        self._seen = {file.path} if seen is None else seen
        self.asked: list[_Line] = []
        self.constraints: dict[str, _Line] = {}
        self._absent: list[str] = []
        self._unconstrained: list[str] = []

    def gaps(self) -> list[str]:
        """Return what is missing; constraints only where something is to be constrained."""
        loose = any(not one.version for one in self.asked)
        return self._absent + (self._unconstrained if loose else [])

    def collect(self, path: str, text: str, line: int = 0, *, elsewhere: bool = False) -> None:
        """Add what a file says; `line` is where the first one asks for it."""
        for number, words in _logical_lines(text):
            if include := _INCLUDE.match(words):
                place = posixpath.normpath(posixpath.join(posixpath.dirname(path), include[2]))
                self._include(place, include, line or number)
            elif one := _line(line or number, words, elsewhere=elsewhere):
                self.asked.append(one)

    def _include(self, place: str, include: re.Match[str], line: int) -> None:
        if place in self._seen:
            return
        self._seen.add(place)
        is_constraint = include[1] in ("-c", "--constraint")
        elsewhere = not is_constraint and _is_read(place)
        data = self._file.other(place) if len(self._seen) < _MOST else None
        if data is not None:
            if is_constraint:
                self._constrain(place, _text(data, place), line)
            else:
                self.collect(place, _text(data, place), line, elsewhere=elsewhere)
        elif not elsewhere:
            missing = self._unconstrained if is_constraint else self._absent
            missing.append(f"line {line}: {include[2]} is not there")

    def _constrain(self, path: str, text: str, line: int) -> None:
        """Add constraints; what such a file includes constrains as well."""
        inner = _Reading(self._file, self._seen)
        inner.collect(path, text, line)
        self._unconstrained += inner._absent + inner._unconstrained
        for one in (*inner.asked, *inner.constraints.values()):
            if one.version:
                self.constraints.setdefault(normalized(one.name), one)


def _line(number: int, words: str, *, elsewhere: bool) -> _Line | None:
    """Return what a line asks for; None for options, addresses and what is none."""
    hashes = digests(re.findall(_HASH, words)) if "--hash" in words else ()
    if pin := pinned(words):
        return _Line(number, *pin, hashes, elsewhere)
    name = required_name(words)
    is_reference = "://" in words or "@" in words
    return _Line(number, name, "", hashes, elsewhere) if name and not is_reference else None


def _is_read(place: str) -> bool:
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
