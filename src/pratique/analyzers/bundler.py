"""Ruby gems that Bundler locked: Gemfile.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_SOURCES = ("GEM", "GIT", "PATH", "PLUGIN SOURCE")
_SECTIONS = (*_SOURCES, "PLATFORMS", "DEPENDENCIES", "BUNDLED WITH", "RUBY VERSION", "CHECKSUMS")
# a platform follows a hyphen, which no version of a gem holds: `1.15.4-x86_64-linux`
_SPEC = re.compile(r" {4}(\S+) \(([^)-]+)(?:-[^)]*)?\)")
_NEED = re.compile(r" {6}([^\s!]+)!?(?: \(.*\))?")
_ASKED = re.compile(r" {2}([^\s!]+)!?(?: \(.*\))?!?")
_CHECKSUM = re.compile(r" {2}(\S+) \(([^)-]+)(?:-[^)]*)?\) (\S+)")


class _Gem(Struct):
    line: int
    name: str
    version: str
    source: str
    needs: list[str] = []


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Bundler (bundler.io, gemfile.lock), the platforms of a gem as one."""
    gems: list[_Gem] = []
    asked: set[str] = set()
    checksums: dict[tuple[str, str], list[str]] = {}
    section = ""
    for number, line in enumerate(file.read().decode("utf-8-sig", "replace").splitlines(), 1):
        if line and line[0] not in " \t<=>":
            section = line.strip()
        elif line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            raise MalformedError(
                f"line {number}: a conflict of versions is not resolved", file.path
            )
        elif section in _SOURCES:
            if spec := _SPEC.fullmatch(line):
                gems.append(_Gem(number, spec[1], spec[2], section))
            elif gems and (need := _NEED.fullmatch(line)):
                gems[-1].needs.append(need[1])
        elif section == "DEPENDENCIES" and (need := _ASKED.fullmatch(line)):
            asked.add(need[1])
        elif section == "CHECKSUMS" and (found := _CHECKSUM.fullmatch(line)):
            checksums.setdefault((found[1], found[2]), []).extend(found[3].split(","))
    if not section or (section not in _SECTIONS and not gems):
        raise MalformedError("no lock file of Bundler", file.path)
    known = by_name({(gem.name, gem.version): 0 for gem in gems})
    yield from merged(
        Package(
            file.path, "bundler", "gem", gem.name, gem.version, line=gem.line,
            relation=_relation(gem, asked), depends=named(gem.needs, known),
            hashes=digests(checksums.get((gem.name, gem.version), ())),
        )
        for gem in gems
    )  # fmt: skip


def _relation(gem: _Gem, asked: set[str]) -> str:
    if not asked:
        return ""
    return "direct" if gem.name in asked else "indirect"


bundler = Analyzer(
    "bundler", 1, ("Gemfile.lock", "Gemfile.next.lock", "gems.locked"), _analyze, reads="locked"
)
