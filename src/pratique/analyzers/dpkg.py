"""Debian's package database (deb-control(5), dpkg(1)), and the files that packages own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.debcontrol import is_installed, stanzas
from pratique.codecs.dependencies import Declared, resolved
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

_FIELDS = (
    "Package", "Status", "Version", "Architecture", "Source", "Maintainer", "Built-Using",
    "Static-Built-Using", "Depends", "Pre-Depends", "Provides",
)  # fmt: skip
_SOURCE = re.compile(r"(\S+)(?:\s+\(([^)]*)\))?")
_BUILT_USING = re.compile(r"\s*([^\s(]+)\s*\(\s*=\s*([^\s)]+)\s*\)\s*")
_MOST_NAMED = 5


def analyze(file: File) -> Iterator[Package]:
    """Yield the packages that are installed: in `status`, or a file each in `status.d`.

    A stanza without name or version is an error, after all others were read.
    """
    if file.path.endswith(".md5sums"):  # beside the stanzas in status.d
        return
    broken = 0
    found: list[Declared] = []
    for fields in stanzas(file.read(), *_FIELDS):
        if not is_installed(fields.get("status")):
            continue
        if fields.get("package") and fields.get("version"):
            needs = f"{fields.get('depends', '')},{fields.get('pre-depends', '')}"
            provides = _names(fields.get("provides", ""))
            found.append(Declared(_package(file.path, fields), _names(needs), provides))
        else:
            broken += 1
    yield from resolved(found)
    if broken:
        raise MalformedError(f"{broken} stanzas have no package or no version", file.path)


def owned(file: File) -> Iterator[OwnedFiles]:
    """Yield the files that a package installed: `info/NAME.list`, or `status.d/NAME.md5sums`."""
    name = file.path.rpartition("/")[2]
    text = file.read().decode("utf-8", "replace")
    if name.endswith(".md5sums"):
        files = tuple(line.partition("  ")[2] for line in text.splitlines() if "  " in line)
    else:
        files = tuple(line.lstrip("/") for line in text.splitlines() if len(line) > 1)
    owner = name.rpartition(".")[0].partition(":")[0]
    if files:
        yield OwnedFiles(file.path, owner, files)


def _package(path: str, fields: dict[str, str]) -> Package:
    version = _without_zero_epoch(fields["version"])
    source = _SOURCE.match(fields.get("source", ""))
    return Package(
        path,
        "dpkg",
        "deb",
        fields["package"],
        version,
        fields.get("architecture", ""),
        source[1] if source else fields["package"],
        _without_zero_epoch(source[2]) if source and source[2] else version,
        vendor=fields.get("maintainer", ""),
        remarks=_built_with(fields),
    )


def _names(relation: str) -> list[str]:
    """Return the packages that a relationship names, those of alternatives too (`a | b`)."""
    parts = relation.replace("|", ",").split(",")
    names = (part.partition("(")[0].partition(":")[0].strip() for part in parts)
    return [name for name in names if name]


def _built_with(fields: dict[str, str]) -> tuple[str, ...]:
    """Say which sources went into a package as a whole, as Go's compiler and static libraries do.

    Debian publishes no advisory for that: whether they were fixed since, the versions tell.
    """
    text = f"{fields.get('built-using', '')},{fields.get('static-built-using', '')}"
    matches = map(_BUILT_USING.fullmatch, text.split(","))
    parts = list(dict.fromkeys(f"{match[1]} {match[2]}" for match in matches if match))
    if not parts:
        return ()
    more = len(parts) - _MOST_NAMED
    tail = f" and {more} more" if more > 0 else ""
    return (f"built with {', '.join(parts[:_MOST_NAMED])}{tail}",)


def _without_zero_epoch(version: str) -> str:
    return version.removeprefix("0:")


dpkg = Analyzer("dpkg", 1, ("/var/lib/dpkg/status", "/var/lib/dpkg/status.d/*"), analyze)
dpkg_files = Analyzer(
    "dpkg-files", 1, ("/var/lib/dpkg/info/*.list", "/var/lib/dpkg/status.d/*.md5sums"), owned
)
