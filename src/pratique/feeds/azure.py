"""Azure Linux and CBL-Mariner: Microsoft's OVAL, a definition for each flaw of a source package.

https://github.com/microsoft/AzureLinuxVulnerabilityData
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pratique.codecs import oval, updateinfo
from pratique.codecs.oval import Definition, Test
from pratique.model.advisory import Advisory, Affected, Prose, Range
from pratique.model.feed import About, Feed, Record, Unread

_FOLDER = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main"
_FILES = {"1": "cbl-mariner-1.0", "2": "cbl-mariner-2.0", "3": "azurelinux-3.0"}
_NAME = re.compile(r"(?:cbl-mariner|azurelinux)-(\d+)\.\d+-")
_NEVER = "0.0.0"
"""What the first of all versions begins with, where there is a lower bound."""


def documents(shard: str) -> tuple[str, ...]:
    """Return the address of a release's definitions."""
    family, _, release = shard.partition(":")
    if family != "Azure Linux":
        return ()
    chosen = _FILES if release == "*" else {release} & _FILES.keys()
    return tuple(f"{_FOLDER}/{_FILES[name]}-oval.xml" for name in sorted(chosen))


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield a record for each definition; what never was applicable says nothing."""
    release = _NAME.search(where)
    shard = f"Azure Linux:{release[1]}" if release else ""
    definitions, tests = oval.with_tests(file, where)
    for definition in definitions:
        if definition.patchable == "Not Applicable":
            continue
        asked = [tests.get(criterion.test) for criterion in definition.criteria.criterions]
        known = [test for test in asked if test is not None]
        if not known or len(known) < len(asked) or definition.criteria.operator != "AND":
            yield Unread(definition.id, "its criteria are not those of one package's versions")
        else:
            yield from _records(definition, known, shard)


def _records(definition: Definition, tests: list[Test], shard: str) -> Iterator[Record]:
    stretch = _stretch(tests)
    names = {test.name for test in tests} - {""}
    if stretch is None or len(names) != 1 or not definition.flaws:
        yield Unread(definition.id, "it names no flaw, or no one range of a package's versions")
        return
    advisory = Advisory(
        definition.flaws[0], definition.flaws[1:], (),
        tuple(updateinfo.rating("azure", definition.severity)), (),
        definition.issued, definition.updated or definition.issued,
    )  # fmt: skip
    urls = tuple(r.url for r in definition.references if r.url)
    prose = Prose(definition.title, definition.description, urls)
    yield About(shard, names.pop(), Affected((stretch,)), advisory, prose)


def _stretch(tests: list[Test]) -> Range | None:
    """Return the one range that all tests hold for; None for operations that make up none."""
    begins, fixed, last = "0", "", ""
    for test in tests:
        if test.operation == "less than":
            fixed = test.version
        elif test.operation == "less than or equal":
            last = test.version
        elif test.operation == "greater than":
            # `^` makes the least version that is greater (rpm-version(7))
            begins = "0" if test.version.startswith(_NEVER) else f"{test.version}^"
        else:
            return None
    return Range(begins, fixed, last) if bool(fixed) != bool(last) else None


feed = Feed("azure", documents, parse, offers=tuple(f"Azure Linux:{n}" for n in _FILES))
