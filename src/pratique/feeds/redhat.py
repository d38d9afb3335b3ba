"""Red Hat's CSAF VEX: a document for each CVE says of every package what is known and planned.

https://security.access.redhat.com/data/csaf/v2/vex/, described at
https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/. The whole is an archive
of some 300 MB; `changes.csv` tells what is newer. `deletions.csv` is not read: the next archive
lacks what was deleted. Nor are the advisories (RHSA) beside it: VEX says of each flaw which
advisory fixes it where. OVAL is no longer published.

Packages of a release's own repositories alone are taken (`enterprise_linux:9::appstream`).
Extended streams (rhel_eus …) and layered products have packages of the same names and versions of
their own, and no image says that it has them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import BinaryIO

from pratique.codecs import csaf, osv, rpmbuilds
from pratique.codecs.csaf import Component, Document, Products, Vulnerability
from pratique.codecs.rpmbuilds import Build
from pratique.errors import MalformedError
from pratique.model.advisory import Advisory, Affected, Prose, Range, Status
from pratique.model.feed import About, Changed, Changes, Feed, Record, Unread

_FOLDER = "https://security.access.redhat.com/data/csaf/v2/vex/"
_CPE = re.compile(r"cpe:/[oa]:redhat:enterprise_linux:(\d+)(?:[.:]|$)", re.ASCII)
_FILE = re.compile(r"\d{4}/(cve-\d{4}-\d+)\.json", re.ASCII)
_LIST_LIMIT = 64 << 20


def _documents(address: str, shard: str) -> tuple[str, ...]:
    family, _, release = shard.partition(":")
    is_main = release == "*" or release.isdigit()
    return (address,) if family == "Red Hat" and is_main else ()


def links(file: BinaryIO, where: str) -> tuple[str, ...]:
    """Return the archive that `archive_latest.txt` names, or the documents of a folder."""
    if where.endswith(".txt"):
        name = file.read(1024).decode("ascii", "replace").strip()
        if not re.fullmatch(r"[\w.-]+\.tar(\.\w+)?", name, re.ASCII):
            raise MalformedError("it names no archive", where)
        return (_FOLDER + name,)
    if where.endswith("/"):
        lines = file.read(_LIST_LIMIT).decode("utf-8", "replace").splitlines()
        return tuple(where + line for line in lines if _FILE.fullmatch(line))
    return ()


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each document of an archive, or the one of an address, says of each package."""
    for name, document in csaf.documents(file, where):
        if isinstance(document, MalformedError):
            yield Unread(name, document.reason)
        else:
            yield from _records(document, name)


def entries(file: BinaryIO, where: str) -> Iterator[Changed]:
    """Yield the lines of changes.csv: `"2023/cve-2023-38545.json","2025-11-20T12:34:56+00:00"`."""
    rows = csv.reader(io.TextIOWrapper(file, "utf-8", "replace", newline=""))
    root = where.rpartition("/")[0]
    try:
        for row in rows:
            match = _FILE.fullmatch(row[0]) if len(row) == 2 else None
            if match is None:
                raise MalformedError(f"line {rows.line_num} is no change", where)
            yield Changed(row[1], match[1].upper(), f"{root}/{row[0]}")
    except csv.Error as error:
        raise MalformedError(f"line {rows.line_num}: {error}", where) from error


def _records(document: Document, name: str) -> Iterator[Record]:
    products = Products(document.product_tree)
    for vulnerability in document.vulnerabilities:
        if not vulnerability.cve:
            yield Unread(name, "a vulnerability without a CVE id")
            continue
        yield from _Told(document, products, vulnerability).records()


class _Told:
    """What one document says of one flaw, by release."""

    def __init__(self, document: Document, products: Products, flaw: Vulnerability) -> None:
        self._document = document
        self._products = products
        self._flaw = flaw
        self._ids: dict[str, list[str]] = {}
        """Of each release, those that something is said of."""
        self._release = cache(self._release_of)

    def records(self) -> Iterator[About]:
        statuses = self._flaw.product_status
        fixed = self._components((*statuses.fixed, *statuses.first_fixed))
        unfixed = csaf.unfixed(self._flaw)
        open_ = self._components(unfixed)
        for release in sorted(fixed.keys() | open_.keys()):
            advisory, prose = self._advisory(release), self._prose(release)
            shard = f"Red Hat:{release}"
            builds = [Build(c.name, c.version, c.arch, c.module)
                      for _, c in fixed.get(release, ()) if c.version]  # fmt: skip
            done = {(build.name, build.module) for build in builds}
            for name, affected in rpmbuilds.affected(builds, rpmbuilds.by_release):
                yield About(shard, name, affected, advisory, prose)
            for component, status in _open(open_.get(release, ()), unfixed):
                if (component.name, component.module) not in done:
                    affected = Affected((Range(),), status=status, module=component.module)
                    yield About(shard, component.name, affected, advisory, prose)

    def _components(self, ids: Iterable[str]) -> dict[str, list[tuple[str, Component]]]:
        found: dict[str, list[tuple[str, Component]]] = {}
        for id in ids:
            release = self._release(self._products.product(id))
            component = self._products.component(id) if release else None
            if component is not None:
                found.setdefault(release, []).append((id, component))
                self._ids.setdefault(release, []).append(id)
        return found

    def _release_of(self, product: str) -> str:
        match = _CPE.match(self._products.cpe(product))
        return match[1] if match else ""

    def _advisory(self, release: str) -> Advisory:
        flaw, header = self._flaw, self._document.document
        ids = self._ids[release]
        word = csaf.impact(flaw, ids, header)
        ratings = csaf.ratings("redhat", flaw, ids, osv.severity_word(word))
        return Advisory(
            flaw.cve, (), (), ratings, (flaw.cwe.id,) if flaw.cwe else (),
            flaw.release_date or header.tracking.initial_release_date,
            header.tracking.current_release_date,
        )  # fmt: skip

    def _prose(self, release: str) -> Prose:
        flaw, ids = self._flaw, set(self._ids[release])
        words = next((n.text for n in flaw.notes if n.category == "description"), "")
        fixes = [r.url for r in flaw.remediations
                 if r.category == "vendor_fix" and not ids.isdisjoint(r.product_ids)]  # fmt: skip
        urls = dict.fromkeys(u for u in (*(r.url for r in flaw.references), *fixes) if u)
        return Prose(self._document.document.title, words, tuple(urls))


def _open(
    components: Sequence[tuple[str, Component]], statuses: dict[str, Status]
) -> Iterator[tuple[Component, Status]]:
    """Yield what is not fixed, once.

    Newer documents list the binary packages beside `curl.src`: then it is those that are meant.
    """
    has_binaries = any(not component.is_source for _, component in components)
    seen = set()
    for id, component in components:
        is_implied = component.reference.endswith(".src") and has_binaries
        key = (component.name, component.module)
        if not is_implied and key not in seen:
            seen.add(key)
            yield component, statuses[id]


def changes(shard: str) -> str:
    """Return the address of the list of changes."""
    return "".join(_documents(f"{_FOLDER}changes.csv", shard))


feed = Feed(
    "redhat", partial(_documents, f"{_FOLDER}archive_latest.txt"), parse, links, bulk=True,
    offers=("Red Hat:*",), changes=Changes(changes, entries),
)  # fmt: skip
folder = Feed("redhat-folder", partial(_documents, _FOLDER), parse, links, rank=1)
