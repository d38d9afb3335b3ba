"""SUSE and openSUSE: CSAF VEX, a document for each CVE, and CVRF, one for each bulletin.

https://ftp.suse.com/pub/projects/security/: VEX says what is affected and will stay so as well, so
it comes first; the whole is an archive of some 400 MB. Where that is not asked for, OSV has the
bulletins, and CVRF where OSV is not to be had. CVRF names no epochs; SUSE's packages have none.

All products of a service pack (server, modules, long-term support) share a shard: images say no
more than `15.5`. Rebuilds with versions of their own (Teradata …) are left out. Modules of 12 are
for each of its service packs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import BinaryIO

from pratique.codecs import csaf, cvrf, osv, rpmbuilds, tarball
from pratique.codecs.csaf import Component, Document, Products, Vulnerability
from pratique.codecs.cvrf import Bulletin
from pratique.codecs.rpmbuilds import Build
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import SEVERITIES, Advisory, Affected, Prose, Range, Rating
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Changed, Changes, Feed, Record, Unread
from pratique.plugins import load

_ROOT = "https://ftp.suse.com/pub/projects/security/"
_REBUILDS = re.compile(r"TERADATA|Raspberry|EXTREME CORE|Extended Security", re.IGNORECASE)
_PACKS_OF_12 = ("12", "12.1", "12.2", "12.3", "12.4", "12.5")
_RELEASE = re.compile(r"\d+(?:\.\d+)?|(?:Leap |Leap Micro |Micro )\d+\.\d+|Tumbleweed", re.ASCII)
_VEX = re.compile(r"(cve-\d{4}-\d+)\.json", re.ASCII)
_BULLETIN = re.compile(r"cvrf-(?:open)?suse-su-[\w-]+\.xml", re.ASCII)
# a release of SUSE's has a dot; purls of what has no version take `4_0-18` of its name for one
_VERSION = re.compile(r"\S+-\d+(?:\.\d+)+\S*", re.ASCII)
_LIST_LIMIT = 64 << 20
_MOST_CHANGES = 2_000_000
_CHUNK = 1 << 20


def _documents(address: str, shard: str) -> tuple[str, ...]:
    family, _, release = shard.partition(":")
    is_known = release == "*" or _RELEASE.fullmatch(release)
    return (address,) if family in ("SUSE", "openSUSE") and is_known else ()


@cache
def shards_of(product: str) -> tuple[str, ...]:
    """Return the shards that a product's packages are in; none for what is no release."""
    for family, vendor in (("openSUSE", "openSUSE "), ("SUSE", "SUSE ")):
        if product.startswith(vendor) and not _REBUILDS.search(product):
            release = _ecosystems()[family].fold(product.removeprefix(vendor))
            if not _RELEASE.fullmatch(release):
                return ()
            is_module = family == "SUSE" and release == "12" and "Server 12" not in product
            releases = _PACKS_OF_12 if is_module else (release,)
            return tuple(f"{family}:{name}" for name in releases)
    return ()


@cache
def _ecosystems() -> dict[str, Ecosystem]:
    return {e.name: e for e in load("pratique.ecosystems", Ecosystem)}


def links(names: re.Pattern[str], file: BinaryIO, where: str) -> tuple[str, ...]:
    """Return the documents of a folder."""
    if not where.endswith("/"):
        return ()
    lines = file.read(_LIST_LIMIT).decode("utf-8", "replace").splitlines()
    return tuple(where + line for line in lines if names.fullmatch(line))


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each VEX document of an archive, or that of an address, says of each package."""
    for name, document in csaf.documents(file, where):
        if isinstance(document, MalformedError):
            yield Unread(name, document.reason)
            continue
        products = Products(document.product_tree)
        for flaw in document.vulnerabilities:
            if flaw.cve:
                yield from _records(document, products, flaw)
            else:
                yield Unread(name, "a vulnerability without a CVE id")


def _records(document: Document, products: Products, flaw: Vulnerability) -> Iterator[About]:
    said = flaw.product_status
    fixed = _by_shard(products, (*said.recommended, *said.first_fixed, *said.fixed))
    unfixed = csaf.unfixed(flaw)
    open_ = _by_shard(products, unfixed)
    prose = _prose(document, flaw)
    for shard in sorted(fixed.keys() | open_.keys()):
        ids = [id for id, _ in (*fixed.get(shard, ()), *open_.get(shard, ()))]
        advisory = _advisory(document, flaw, ids)
        components = [c for _, c in fixed.get(shard, ()) if c.version]
        builds = [Build(c.name, c.version, c.arch) for c in components]
        for name, affected in rpmbuilds.affected(builds):
            yield About(shard, name, affected, advisory, prose)
        # the line that names the source stays when its packages are fixed
        done = {c.name for c in components} | {_source(c) for c in components}
        for id, component in open_.get(shard, ()):
            if (name := _unversioned(component)) not in done:
                done.add(name)
                affected = Affected((Range(),), status=unfixed[id])
                yield About(shard, name, affected, advisory, prose)


def _by_shard(products: Products, ids: Iterable[str]) -> dict[str, list[tuple[str, Component]]]:
    found: dict[str, list[tuple[str, Component]]] = {}
    for id in ids:
        shards = shards_of(products.name(products.product(id)))
        component = products.component(id) if shards else None
        if component is not None:
            for shard in shards:
                found.setdefault(shard, []).append((id, component))
    return found


def _source(component: Component) -> str:
    return component.source.rsplit("-", 2)[0]


def _unversioned(component: Component) -> str:
    """Return the name of a component that is affected in any version."""
    return component.name if _VERSION.fullmatch(component.version) else component.reference


def _advisory(document: Document, flaw: Vulnerability, ids: list[str]) -> Advisory:
    header = document.document
    word = csaf.impact(flaw, ids, header)
    return Advisory(
        flaw.cve, (), (), csaf.ratings("suse", flaw, ids, osv.severity_word(word)),
        (flaw.cwe.id,) if flaw.cwe else (),
        flaw.release_date or header.tracking.initial_release_date,
        header.tracking.current_release_date,
    )  # fmt: skip


def _prose(document: Document, flaw: Vulnerability) -> Prose:
    words = next((n.text for n in flaw.notes if n.category in ("description", "general")), "")
    urls = dict.fromkeys(r.url for r in flaw.references if r.url)
    title = "" if flaw.title == flaw.cve else flaw.title or document.document.title
    return Prose(title, words, tuple(urls))


def entries(file: BinaryIO, where: str) -> Iterator[Changed]:
    """Yield the lines of changes.csv, which begins with the oldest, the newest first."""
    rows = csv.reader(io.TextIOWrapper(file, "utf-8", "replace", newline=""))
    root = where.rpartition("/")[0]
    found: list[Changed] = []
    try:
        for row in rows:
            match = _VEX.fullmatch(row[0]) if len(row) == 2 else None
            if match is None:
                raise MalformedError(f"line {rows.line_num} is no change", where)
            if len(found) == _MOST_CHANGES:
                raise LimitExceeded(f"{where}: more than {_MOST_CHANGES} lines")
            found.append(Changed(row[1], match[1].upper(), f"{root}/{row[0]}"))
    except csv.Error as error:
        raise MalformedError(f"line {rows.line_num}: {error}", where) from error
    yield from sorted(found, key=lambda changed: changed.modified, reverse=True)


def parse_bulletins(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each CVRF bulletin of an archive, or that of an address, says of each package."""
    if ".tar" not in where.rpartition("/")[2]:
        yield from _of_bulletin(cvrf.read(iter(partial(file.read, _CHUNK), b""), where))
        return
    for name, _, content in tarball.files(file, ".xml", where):
        try:
            bulletin = cvrf.read(content, f"{where}: {name}")
        except (MalformedError, LimitExceeded) as error:
            yield Unread(name, error.message)
        else:
            yield from _of_bulletin(bulletin)


def _of_bulletin(bulletin: Bulletin) -> Iterator[Record]:
    severities = [osv.severity_word(word) for word in bulletin.severities]
    worst = max(severities, key=SEVERITIES.index, default="UNKNOWN")
    ratings = () if worst == "UNKNOWN" else (Rating("suse", worst),)
    advisory = Advisory(
        bulletin.id, (), tuple(sorted(bulletin.flaws)), ratings, (), bulletin.issued,
        bulletin.updated or bulletin.issued,
    )  # fmt: skip
    prose = Prose(bulletin.title, bulletin.description, bulletin.references)
    strange = [id for id in bulletin.strange if shards_of(id.partition(":")[0])]
    if strange:
        yield Unread(bulletin.id, f"no package of a product: {strange[0]}")
    by_shard: dict[str, list[Build]] = {}
    for product, builds in bulletin.builds.items():
        for shard in shards_of(product):
            by_shard.setdefault(shard, []).extend(builds)
    for shard, fixes in sorted(by_shard.items()):
        for name, affected in rpmbuilds.affected(fixes):
            yield About(shard, name, affected, advisory, prose)


_OFFERS = ("SUSE:*", "openSUSE:*")
_CHANGES = Changes(
    lambda shard: "".join(_documents(f"{_ROOT}csaf-vex/changes.csv", shard)), entries
)
feed = Feed(
    "suse", partial(_documents, f"{_ROOT}csaf-vex.tar.bz2"), parse, bulk=True, offers=_OFFERS,
    changes=_CHANGES,
)  # fmt: skip
folder = Feed("suse-folder", partial(_documents, f"{_ROOT}csaf-vex/"), parse,
              partial(links, _VEX), rank=1)  # fmt: skip
bulletins = Feed("suse-bulletins", partial(_documents, f"{_ROOT}cvrf.tar.bz2"), parse_bulletins,
                 rank=20, bulk=True)  # fmt: skip
bulletins_folder = Feed("suse-bulletins-folder", partial(_documents, f"{_ROOT}cvrf/"),
                        parse_bulletins, partial(links, _BULLETIN), rank=21)  # fmt: skip
