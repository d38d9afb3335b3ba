"""Oracle Linux: ELSA bulletins as OVAL, all releases in one document.

https://linux.oracle.com/security/ has the same a year; `elsa-all` is some 20 MB, and 20 times that
when it is unpacked, so that it is read one definition at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec.structs import replace

from pratique.codecs import cvss, oval, rpmbuilds, updateinfo
from pratique.codecs.oval import Definition
from pratique.model.advisory import Advisory, Affected, Prose, Range, Rating
from pratique.model.feed import About, Feed, Record, Unread

_UEK = "kernel-uek"
_ADDRESS = "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"


def documents(shard: str) -> tuple[str, ...]:
    """Return the one document, for any release."""
    family, _, release = shard.partition(":")
    return (_ADDRESS,) if family == "Oracle Linux" and release else ()


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each bulletin says of each package of each release."""
    for definition in oval.definitions(file, where):
        found = oval.builds(definition)
        if not found or "" in found:
            yield Unread(definition.id, "it names no package, or no release")
        advisory, prose = _advisory(definition), _prose(definition)
        for release, builds in found.items():
            kernels = [build for build in builds if build.name.startswith(_UEK)]
            others = [build for build in builds if not build.name.startswith(_UEK)]
            for name, affected in (
                *rpmbuilds.affected(kernels, _of_its_line), *rpmbuilds.affected(others),
            ):  # fmt: skip
                if release:
                    shard = f"Oracle Linux:{release}"
                    yield About(shard, name, _on_machines(affected), advisory, prose)


def _on_machines(affected: Affected) -> Affected:
    """Return a record about all packages of a machine: it is those that Oracle's arches name."""
    if not affected.arches:
        return affected
    more = {"noarch", "i386", "i686"} if "x86_64" in affected.arches else {"noarch"}
    return replace(affected, arches=tuple(sorted(more.union(affected.arches))))


def _of_its_line(fixes: Sequence[str]) -> tuple[Range, ...]:
    """Return what is older, of the same upstream version alone.

    A release has several Unbreakable Enterprise Kernels at once: 4.14.35 and 5.4.17 for 7.
    """
    return tuple(Range(fix.rpartition("-")[0] or "0", fix) for fix in dict.fromkeys(fixes))


def _advisory(definition: Definition) -> Advisory:
    id = next((r.id for r in definition.references if r.source.lower() == "elsa"), definition.id)
    return Advisory(
        id, (), tuple(sorted(definition.flaws)), tuple(_ratings(definition)), (),
        definition.issued, definition.updated or definition.issued,
    )  # fmt: skip


def _ratings(definition: Definition) -> Iterator[Rating]:
    """Yield Oracle's word; a vector as well where the bulletin is about one flaw alone."""
    word = next(updateinfo.rating("oracle", definition.severity), None)
    scored = False
    if len(definition.flaws) == 1:
        for vector in definition.vectors:
            if (score := cvss.score(vector)) is not None:
                label = word.severity if word else cvss.severity(score, vector)
                yield Rating("oracle", label, vector, score)
                scored = True
    if word and not scored:
        yield word


def _prose(definition: Definition) -> Prose:
    urls = tuple(dict.fromkeys(r.url for r in definition.references if r.url))
    return Prose(definition.title, definition.description, urls)


feed = Feed("oracle", documents, parse, offers=("Oracle Linux:*",))
