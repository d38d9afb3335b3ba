"""Perl distributions: those that Carton locked, and those that cpanm and `make install` noted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.codecs.lock_graph import merged, named
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_SNAPSHOT = "# carton snapshot format: version 1."
_DISTRIBUTION = re.compile(r"(\w[\w.+-]{0,200}?)-v?(\d[\w.+]{0,60}(?:-TRIAL)?)")
_MODULE = re.compile(r"^=head2 .*C<Module> L<([\w:]+)(?:\|[^>]*)?>", re.MULTILINE)
_VERSION = re.compile(r"C<VERSION: ([^>\s]+)>")


class _Distribution(Struct):
    line: int
    name: str
    version: str
    provides: list[str] = []
    needs: list[str] = []


class _Record(Struct, gc=False):
    """install.json, which cpanm leaves in .meta."""

    dist: str = ""


_RECORD = Decoder(_Record)


def _snapshot(file: File) -> Iterator[Package]:
    """Read a snapshot of Carton (cpanfile.snapshot): what modules each distribution has and needs.

    Distributions are named as on CPAN, Try-Tiny for the module Try::Tiny.
    """
    text = file.read().decode("utf-8-sig", "replace")
    if not text.startswith(_SNAPSHOT):
        raise MalformedError("no snapshot of Carton, version 1", file.path)
    found = list(_distributions(text))
    known = {module: (f"{one.name}@{one.version}",) for one in found for module in one.provides}
    yield from merged(
        Package(
            file.path, "carton", "cpan", one.name, one.version, line=one.line,
            depends=tuple(d for d in named(one.needs, known) if d != f"{one.name}@{one.version}"),
        )
        for one in found
    )  # fmt: skip


def _distributions(text: str) -> Iterator[_Distribution]:
    one, member = None, ""
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if indent == 2:
            if one:
                yield one
            match = _DISTRIBUTION.fullmatch(line.strip())
            one = _Distribution(number, match[1], match[2]) if match else None
        elif indent == 4:
            member = line.strip()
        elif indent == 6 and one:
            module = line.strip().partition(" ")[0]
            if member == "provides:":
                one.provides.append(module)
            elif member == "requirements:":
                one.needs.append(module)
    if one:
        yield one


def _installed(file: File) -> Iterator[Package]:
    """Read the record of one distribution that cpanm installed, or the log of `make install`."""
    if file.path.endswith(".json"):
        match = _DISTRIBUTION.fullmatch(decode(file.read(), _RECORD, file.path).dist)
        if match:
            yield Package(file.path, "perl", "cpan", match[1], match[2])
    else:
        yield from _local(file.read().decode("utf-8", "replace"), file.path)


def _local(text: str, path: str) -> Iterator[Package]:
    """Read perllocal.pod (ExtUtils::MakeMaker): the last installation of each module counts."""
    latest: dict[str, Package] = {}
    heads = list(_MODULE.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=False):  # no head, and yet an end
        version = _VERSION.search(text, head.end(), end)
        if version:
            name = head[1].replace("::", "-")
            latest[name] = Package(path, "perl", "cpan", name, version[1])
    yield from latest.values()


carton = Analyzer("carton", 1, ("cpanfile.snapshot",), _snapshot, reads="locked")
perl = Analyzer("perl", 1, (".meta/*/install.json", "perllocal.pod"), _installed)
