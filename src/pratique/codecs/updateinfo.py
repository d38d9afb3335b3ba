"""Bulletins out of the repodata of an RPM repository, and feeds that read them.

`repomd.xml` names `updateinfo.xml`, which createrepo_c's documentation describes
(https://github.com/rpm-software-management/createrepo_c); dnf and zypper read the same files, so
any mirror of a distribution has them, also in a network without a way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from msgspec import Struct

from pratique.codecs import osv, rpmbuilds, xmltree
from pratique.codecs.compression import inflate
from pratique.codecs.rpmbuilds import Build
from pratique.errors import MalformedError
from pratique.model.advisory import Advisory, Prose, Range, Rating
from pratique.model.feed import About, Feed, Record, Unread

_CHUNK = 1 << 18
_LIST_LIMIT = 1 << 20  # a mirror list; real ones are below 1 KiB
_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.ASCII)


class Notice(Struct, frozen=True):
    """One `<update>`."""

    id: str
    type: str
    """security, bugfix, enhancement, newpackage, recommended …"""
    title: str
    severity: str
    """The publisher's word."""
    issued: str
    updated: str
    """RFC 3339."""
    description: str
    flaws: tuple[str, ...]
    """CVE ids."""
    references: tuple[str, ...]
    builds: tuple[Build, ...]


def notices(file: BinaryIO, where: str) -> Iterator[Notice]:
    """Yield the notices of an updateinfo.xml, however it is compressed.

    Raises MalformedError for what is no XML or has another root, LimitExceeded for a bomb.
    """
    # a repository without bulletins has its repomd.xml read, and nothing in it
    for node in xmltree.trees(_inflated(file, where), {"updates", "repomd"}, {"update"}, where):
        yield _notice(node)


def links(file: BinaryIO, where: str) -> tuple[str, ...]:
    """Return where a repomd.xml, or a mirror list of one line a mirror, leads; else nothing.

    A mirror list leads to the repomd.xml of its first mirror: the others hold the same.
    """
    path = urlsplit(where).path
    if path.endswith(("/mirror.list", "/mirrorlist")):
        return tuple(_first_mirror(file, where))
    if not path.endswith("/repomd.xml"):
        return ()
    root = where.removesuffix("repodata/repomd.xml")
    found = []
    for node in xmltree.trees(_inflated(file, where), {"repomd"}, {"data"}, where):
        place = node.find("location")
        if node.get("type") == "updateinfo" and place is not None and place.get("href"):
            base = place.get("base") or place.get("xml:base") or root
            found.append(_https(_joined(base, place.get("href", ""), where)))
    return tuple(found[:1])


def _first_mirror(file: BinaryIO, where: str) -> Iterator[str]:
    for line in file.read(_LIST_LIMIT).decode("utf-8", "replace").splitlines():
        address = line.strip().replace("$basearch", "x86_64")
        if address.startswith(("https://", "http://")):
            yield _joined(_https(address), "repodata/repomd.xml", where)
            return
    raise MalformedError("a mirror list without a mirror", where)


def _joined(base: str, place: str, where: str) -> str:
    try:
        return urljoin(base.rstrip("/") + "/", place)
    except ValueError as error:
        raise MalformedError(f"names an address that is none: {error}", where) from error


def _https(address: str) -> str:
    return "https://" + address.removeprefix("http://") if address[:7] == "http://" else address


Lowest = Callable[[str, Build], str]
"""The version from which on a document (by its address) is about a package; "0": from the first."""


def _from_the_first(_where: str, _build: Build) -> str:
    return "0"


def feed(
    name: str,
    documents: Callable[[str], tuple[str, ...]],
    ecosystem: Callable[[str], str],
    *,
    rank: int = 0,
    offers: tuple[str, ...] = (),
    lowest: Lowest = _from_the_first,
) -> Feed:
    """Return a feed of repositories: `documents` gives the addresses of a shard's repomd.xml.

    `ecosystem` tells the shard by a document's address, empty for the one that it was asked for.
    `name` is also what a rating gives as its source.

    For own repositories, or a mirror in a network without a way out, a caller gives any address:
    `feed("own", {"Rocky Linux:9": (".../BaseOS/x86_64/os/repodata/repomd.xml",)}.get, ...)`, see
    `of_repositories`.
    """
    return Feed(name, documents, partial(_parse, name, ecosystem, lowest), links, rank,
                offers=offers)  # fmt: skip


def of_repositories(name: str, repositories: dict[str, Sequence[str]], rank: int = 0) -> Feed:
    """Return a feed of repositories that somebody names: shard to addresses of repomd.xml.

    An address may leave `repodata/repomd.xml` out, as `baseurl` of a .repo file does.
    """
    places = {
        shard: tuple(
            a if a.endswith("/repomd.xml") else f"{a.rstrip('/')}/repodata/repomd.xml"
            for a in addresses
        )
        for shard, addresses in repositories.items()
    }
    return feed(name, lambda shard: places.get(shard, ()), lambda _: "", rank=rank,
                offers=tuple(places))  # fmt: skip


def _parse(
    source: str, ecosystem: Callable[[str], str], lowest: Lowest, file: BinaryIO, where: str
) -> Iterator[Record]:
    shard = ecosystem(where)
    for notice in notices(file, where):
        if notice.type == "security":
            yield from _records(notice, source, shard, partial(lowest, where))


def _records(
    notice: Notice, source: str, shard: str, lowest: Callable[[Build], str]
) -> Iterator[Record]:
    if not notice.id:
        yield Unread(notice.title or "a notice", "it has no id")
        return
    advisory = Advisory(
        notice.id, (), tuple(sorted(notice.flaws)), tuple(rating(source, notice.severity)), (),
        notice.issued, notice.updated,
    )  # fmt: skip
    prose = Prose(notice.title, notice.description, notice.references)
    complete = [build for build in notice.builds if build.name and build.version]
    if len(complete) < len(notice.builds):
        yield Unread(notice.id, "a package without a name or a version")
    begins = {build.version: lowest(build) for build in complete}
    for name, affected in rpmbuilds.affected(complete, partial(_stretches, begins)):
        yield About(shard, name, affected, advisory, prose)


def _stretches(begins: dict[str, str], fixes: Sequence[str]) -> tuple[Range, ...]:
    """Return what is older than the fixes, from where each is first about a package."""
    return tuple(
        Range(begins[stretch.fixed], stretch.fixed) if stretch.introduced == "0" else stretch
        for stretch in rpmbuilds.by_version(fixes)
    )


def rating(source: str, word: str) -> Iterator[Rating]:
    """Yield a rating for a publisher's word, where it is one of severity."""
    severity = osv.severity_word(word)
    if severity != "UNKNOWN":
        yield Rating(source, severity)


def _inflated(file: BinaryIO, where: str) -> Iterator[bytes]:
    return inflate(iter(partial(file.read, _CHUNK), b""), where)


def _notice(node: Element) -> Notice:
    references = node.findall("references/reference")
    texts = [word for r in references for word in (r.get("id"), r.get("title"))]
    title, description = xmltree.text(node, "title"), xmltree.text(node, "description")
    flaws = _flaws(*texts) or _flaws(title, description)
    issued = _date(node, "issued")
    return Notice(
        xmltree.text(node, "id"), (node.get("type") or "").lower(), title,
        xmltree.text(node, "severity"), issued, _date(node, "updated") or issued, description,
        flaws, tuple(dict.fromkeys(r.get("href") or "" for r in references if r.get("href"))),
        tuple(_builds(node)),
    )  # fmt: skip


def _flaws(*texts: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for text in texts if text for id in _CVE.findall(text)))


def _date(node: Element, name: str) -> str:
    found = node.find(name)
    return xmltree.rfc3339(found.get("date") or found.text or "") if found is not None else ""


def _builds(node: Element) -> Iterator[Build]:
    for collection in node.iterfind("pkglist/collection"):
        module = collection.find("module")
        name, line = (None, None) if module is None else (module.get("name"), module.get("stream"))
        stream = f"{name}:{line}" if name and line else ""
        for package in collection.iterfind("package"):
            version = package.get("version") or ""
            full = rpmbuilds.evr(package.get("epoch"), version, package.get("release") or "")
            yield Build(package.get("name") or "", full if version else "",
                        package.get("arch") or "", stream)  # fmt: skip
