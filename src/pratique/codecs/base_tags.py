"""Which tags of a repository could take a base image's place, by what their words say.

`3.9.1-slim-bookworm` is a version, a variant and a suite; dates, builds and an architecture may be
there as well. What names no version of its own (`latest`, `stable`, `edge`) is never proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from pratique.codecs.dockerfile.images import CODENAMES

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:[_+]\w+)?")
_DATE = re.compile(r"20\d\d[.-]?\d\d[.-]?\d\d(?:\.\d+)?")
_RELEASE = re.compile(r"([a-z]{2,}?)(\d[\d.]*)")
_UNFINISHED = re.compile(
    r"(?:\d(?:rc|a|b|alpha|beta|dev|pre)\d*|rc\.?\d*|alpha\d*|beta\d*|nightly|dev|preview|unstable|"
    r"canary|edge|snapshot|debug|test|testing|ea)$"
)
_SUITES = {
    name: (family, tuple(map(int, release.split("."))))
    for family, names in CODENAMES.items()
    for name, release in names.items()
}
_SUITE_NAMES = {"alpine", "debian", "ubuntu", "ubi", "ol", "al", "fedora", "rockylinux", "bci"}
_MUSL = "alpine"
_POINT_RELEASES = {"debian", "rockylinux", "almalinux", "oraclelinux"}


class Tag(Struct, frozen=True):
    """What a tag says."""

    text: str
    version: tuple[int, ...] = ()
    build: tuple[int, ...] = ()
    """Numbers after the version, and dates."""
    suite: str = ""
    """The family of the distribution: debian, ubuntu, alpine."""
    release: tuple[int, ...] = ()
    """Of the distribution; nothing where it is not named."""
    variant: tuple[str, ...] = ()
    """All other words."""


class Candidate(Struct, frozen=True):
    """A tag that could take another's place."""

    tag: str
    kind: str
    """rebuilt, patch, minor, suite, slim, alpine, major."""


ORDER = ("rebuilt", "patch", "minor", "slim", "suite", "alpine", "major")
"""The kinds, those that change least first."""


def parse(text: str) -> Tag | None:
    """Return what a tag says; None for one that is unfinished or has no version and no suite."""
    version: tuple[int, ...] = ()
    build: list[int] = []
    suite = ""
    release: tuple[int, ...] = ()
    variant: list[str] = []
    if date := _DATE.search(text):
        build = [int(number) for number in re.findall(r"\d+", date[0])]
        text, whole = text[: date.start()] + text[date.end() :], text
    else:
        whole = text
    for word in filter(None, text.lower().split("-")):
        if _UNFINISHED.search(word):
            return None
        if number := _VERSION.fullmatch(word):
            numbers = tuple(int(part[:9]) for part in number[1].split("."))
            version, build = (version, [*build, *numbers]) if version else (numbers, build)
        elif word in _SUITES:
            suite, release = _SUITES[word]
        elif word in _SUITE_NAMES:
            suite = word
        elif (found := _RELEASE.fullmatch(word)) and found[1] in _SUITE_NAMES:
            suite, release = found[1], tuple(int(part) for part in found[2].strip(".").split("."))
        else:
            variant.append(word)
    if not version and not release:
        return None
    return Tag(whole, version, tuple(build), suite, release, tuple(sorted(variant)))


def candidates(tag: str, tags: Iterable[str], repository: str = "") -> list[Candidate]:
    """Return what could take a tag's place, one of each kind, what changes least first.

    Of distributions with point releases two numbers are a release in full: 12.1 and 12.11.
    """
    own = parse(tag)
    if own is None:
        return [Candidate(tag, "rebuilt")]
    has_points = repository.rpartition("/")[2] in _POINT_RELEASES and len(own.version) == 2
    others = [one for text in tags if (one := parse(text)) and text != tag]
    if has_points:
        series = (one for one in _like(own, others) if one.version[0] == own.version[0])
        later = _newest(one for one in series if _order(one) > _order(own))
    found = {kind: pick(own, others) for kind, pick in _PICKS.items()}
    found["rebuilt"] = own
    if has_points:
        found |= {"patch": later, "minor": None}
    chosen = {one.text: kind for kind in reversed(ORDER) if (one := found.get(kind))}
    return [Candidate(text, kind) for kind in ORDER for text, of in chosen.items() if of == kind]


def _order(tag: Tag) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    return tag.version, tag.release, tag.build


def _newest(some: Iterable[Tag]) -> Tag | None:
    return max(some, key=_order, default=None)


def _like(own: Tag, others: Iterable[Tag]) -> list[Tag]:
    """Return those of the same form: variant, family, and as many numbers."""
    return [
        one for one in others
        if (one.variant, one.suite, len(one.version), len(one.build), bool(one.release))
        == (own.variant, own.suite, len(own.version), len(own.build), bool(own.release))
    ]  # fmt: skip


def _patch(own: Tag, others: Iterable[Tag]) -> Tag | None:
    """A later one of the same series: of a version in full its last number, builds and dates."""
    kept = max(len(own.version) - 1, 2 if len(own.version) > 1 else 1)
    return _newest(
        one for one in _like(own, others)
        if one.version[:kept] == own.version[:kept] and one.release == own.release
        and _order(one) > _order(own)
    )  # fmt: skip


def _minor(own: Tag, others: Iterable[Tag]) -> Tag | None:
    if len(own.version) < 2:
        return None
    return _newest(
        one for one in _like(own, others)
        if one.version[0] == own.version[0] and one.version[:2] > own.version[:2]
        and one.release == own.release
    )  # fmt: skip


def _major(own: Tag, others: Iterable[Tag]) -> Tag | None:
    """The newest of the next major version that has the distribution's release, or a newer."""
    later = [one for one in _like(own, others)
             if one.version[:1] > own.version[:1] and one.release >= own.release]  # fmt: skip
    if not later:
        return None
    next_ = min(one.version[:1] for one in later)
    return _newest(one for one in later if one.version[:1] == next_)


def _suite(own: Tag, others: Iterable[Tag]) -> Tag | None:
    """The same series on the newest release of the distribution."""
    return max(
        (one for one in _like(own, others)
         if one.version[:2] == own.version[:2] and one.release > own.release > ()),
        key=lambda one: (one.release, _order(one)), default=None,
    )  # fmt: skip


def _slim(own: Tag, others: Iterable[Tag]) -> Tag | None:
    if "slim" in own.variant or own.suite == _MUSL:
        return None
    wanted = tuple(sorted((*own.variant, "slim")))
    return _same_version(own, (
        one for one in others
        if one.variant == wanted and (one.suite, one.release) == (own.suite, own.release)
        and bool(one.build) == bool(own.build)
    ))  # fmt: skip


def _alpine(own: Tag, others: Iterable[Tag]) -> Tag | None:
    if own.suite == _MUSL or not own.version:
        return None
    wanted = tuple(word for word in own.variant if word != "slim")
    return _same_version(own, (one for one in others
                               if one.suite == _MUSL and one.variant == wanted))  # fmt: skip


def _same_version(own: Tag, some: Iterable[Tag]) -> Tag | None:
    """The newest patch of the same series, of the same precision; of one number that very one."""
    near = [one for one in some
            if one.version[:2] == own.version[:2] and len(one.version) == len(own.version)
            and not one.build]  # fmt: skip
    return _newest(near)


_PICKS: dict[str, Callable[[Tag, Iterable[Tag]], Tag | None]] = {
    "patch": _patch, "minor": _minor, "slim": _slim, "suite": _suite, "alpine": _alpine,
    "major": _major,
}  # fmt: skip
