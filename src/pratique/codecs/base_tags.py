"""Which tags of a repository could take a base image's place, by what their words say.

`3.9.1-slim-bookworm` is a version, a variant and a suite; dates, builds, revisions (`-r0`) and an
architecture may be there as well. What names no version of its own (`latest`, `stable`, `edge`) is
never proposed, nor another series that gets no fixes any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from pratique.codecs.dockerfile.images import CODENAMES

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:[_+](\d+)|[_+]\w+)?")
_UPDATE = re.compile(r"(\d+)u(\d+)")
"""Java 8 as its publishers count: 8u372 is what 8.0.372 is."""
_REVISION = re.compile(r"[rb](\d+)")
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
_POINT_RELEASES = {"debian", "rockylinux", "almalinux", "oraclelinux", "postgres"}
_LONG_TERM: dict[str, Callable[[tuple[int, ...]], bool]] = {
    "ubuntu": lambda release: release[0] % 2 == 0 and release[1:2] == (4,),
    "node": lambda version: version[0] % 2 == 0,
}
"""Of these, who has a release with long support is not sent to one without."""


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
    """One of ORDER."""
    repository: str = ""
    """Where that is another than the one whose place it takes."""
    note: str = ""
    """What is known of it beforehand."""


_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
"""As the distribution specification has it."""
ORDER = ("rebuilt", "patch", "minor", "slim", "suite", "alpine", "major", "distroless", "hardened")
"""The kinds, those that change least first; the last two are other publishers' images."""


def parse(text: str) -> Tag | None:
    """Return what a tag says; None for one that is unfinished or has no version and no suite, and
    for what a registry lists as a tag and is none: it would be written into a Dockerfile.
    """
    if not _TAG.fullmatch(text):
        return None
    said = _Said()
    rest = text.lower()
    if date := _DATE.search(rest):
        said.build = [int(number) for number in re.findall(r"\d+", date[0])]
        rest = rest[: date.start()] + rest[date.end() :]
    words = [word.strip(".") for word in rest.split("-")]
    for before, word in pairwise(("", *filter(None, words))):
        if _UNFINISHED.search(word):
            return None
        if not (said.number(word, before) or said.system(word)):
            said.variant.append(word)
    if not said.version and not said.release:
        return None
    variant = tuple(sorted(said.variant))
    return Tag(text, said.version, tuple(said.build), said.suite, said.release, variant)


class _Said:
    """What the words of a tag say, so far."""

    def __init__(self) -> None:
        self.version: tuple[int, ...] = ()
        self.build: list[int] = []
        self.suite = ""
        self.release: tuple[int, ...] = ()
        self.variant: list[str] = []

    def number(self, word: str, before: str) -> bool:
        """Take a version, a build or a revision; tell whether it is one."""
        if self.version and (found := _REVISION.fullmatch(word)):
            self.build.append(int(found[1][:9]))
            return True
        numbers = _numbers(word)
        if numbers is None:
            return False
        if before in _SUITE_NAMES and self.version and not self.release:  # debian-12
            self.release = numbers[0]
        elif self.version:
            self.build += numbers[0]
        else:
            self.version = numbers[0]
        self.build += numbers[1]
        return True

    def system(self, word: str) -> bool:
        """Take a distribution; tell whether it is one."""
        if word in _SUITES:
            self.suite, self.release = _SUITES[word]
        elif word in _SUITE_NAMES:
            self.suite = word
        elif (found := _RELEASE.fullmatch(word)) and found[1] in _SUITE_NAMES:
            self.suite = found[1]
            self.release = tuple(int(part[:9]) for part in found[2].split(".") if part)
        else:
            return False
        return True


def _numbers(word: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Return the version that a word is, and the build behind it: `17.0.8_7`, `8u372`."""
    if found := _VERSION.fullmatch(word):
        numbers = tuple(int(part[:9]) for part in found[1].split("."))
        return numbers, (int(found[2][:9]),) if found[2] else ()
    if found := _UPDATE.fullmatch(word):
        return (int(found[1][:9]), 0, int(found[2][:9])), ()
    return None


def _never(_: str) -> tuple[bool, bool]:
    return False, False


def candidates(
    tag: str,
    tags: Iterable[str],
    repository: str = "",
    is_over: Callable[[str], tuple[bool, bool]] = _never,
) -> list[Candidate]:
    """Return what could take a tag's place, one of each kind, what changes least first.

    Of distributions with point releases two numbers are a release in full: 12.1 and 12.11.
    `is_over` tells whether a tag's distribution, and its runtime, get no fixes any more: to such
    nothing is moved; what stays as it is may be.
    """
    own = parse(tag)
    if own is None:
        return [Candidate(tag, "rebuilt")]
    name = repository.rpartition("/")[2]
    has_points = name in _POINT_RELEASES and len(own.version) == 2
    others = [one for text in tags if (one := parse(text)) and text != tag]
    others = _supported(own, others, name, is_over)
    if has_points:
        series = (one for one in _like(own, others) if one.version[0] == own.version[0])
        later = _newest(one for one in series if _order(one) > _order(own))
    found = {kind: pick(own, others) for kind, pick in _PICKS.items()}
    found["rebuilt"] = own
    if has_points:
        found |= {"patch": later, "minor": None}
    chosen = {one.text: kind for kind in reversed(ORDER) if (one := found.get(kind))}
    return [Candidate(text, kind) for kind in ORDER for text, of in chosen.items() if of == kind]


def _supported(
    own: Tag, others: Sequence[Tag], name: str, is_over: Callable[[str], tuple[bool, bool]]
) -> list[Tag]:
    """Leave out other series that are over, or that have short support where the own has long."""
    known: dict[tuple[object, ...], bool] = {}

    def stays(one: Tag) -> bool:
        series = one.version[:2], one.suite, one.release
        if series not in known:
            is_other = one.version[:2] != own.version[:2]
            is_moved = one.release != own.release or (is_other and not own.release)
            system, runtime = is_over(one.text) if is_other or is_moved else (False, False)
            is_ended = (is_moved and system) or (is_other and runtime)
            known[series] = not is_ended and not _is_shorter(own, one, name)
        return known[series]

    return [one for one in others if stays(one)]


def _is_shorter(own: Tag, other: Tag, name: str) -> bool:
    """Tell whether one leaves long support for short."""
    given = [(name, own.version, other.version), (own.suite, own.release, other.release)]
    return any(
        _LONG_TERM[family](old) and not _LONG_TERM[family](new)
        for family, old, new in given if family in _LONG_TERM and old and new
    )  # fmt: skip


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
    later = [one for one in _like(own, others)
             if one.version[0] == own.version[0] and one.version[:2] > own.version[:2]
             and one.release >= own.release]  # fmt: skip
    return _newest(one for one in later if one.release == own.release) or _newest(later)


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
         if one.version[:2] == own.version[:2] and one.version >= own.version
         and one.release > own.release > ()),
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
            if one.version[:2] == own.version[:2] and one.version >= own.version
            and len(one.version) == len(own.version)
            and len(one.build) == len(own.build)]  # fmt: skip
    return _newest(near)


_PICKS: dict[str, Callable[[Tag, Iterable[Tag]], Tag | None]] = {
    "patch": _patch, "minor": _minor, "slim": _slim, "suite": _suite, "alpine": _alpine,
    "major": _major,
}  # fmt: skip
