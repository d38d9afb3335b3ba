"""Which images of other publishers can take an official one's place: distroless and hardened ones.

Facts, each from its publisher's own pages:
- https://github.com/GoogleContainerTools/distroless: which images there are, their only definite
  tag (`nonroot`) and what they begin with. Those on Debian 12 get no fixes since September 2026
  (its SUPPORT_POLICY.md), and are left out.
- https://github.com/docker-hardened-images/catalog: names and tags on dhi.io, which wants a login.
- https://catalog.redhat.com: UBI's minimal and micro images have the versions of UBI itself.

Free images of Chainguard have no tag but `latest`: nothing definite could be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pratique.codecs.base_tags import Tag, parse

KINDS = ("distroless", "hardened")
"""Never chosen unless they are asked for."""
_JAVA = ("eclipse-temurin", "openjdk", "amazoncorretto")
_Series = Mapping[tuple[int, ...], tuple[str, ...]]
_DISTROLESS: dict[str, _Series] = {
    "python": {(3, 13): ("python3",)},
    "node": {(22,): ("nodejs22",), (24,): ("nodejs24",), (26,): ("nodejs26",)},
    "debian": {(13,): ("cc", "base", "static")},
    **{name: {(n,): (f"java{n}",) for n in (17, 21, 25)} for name in _JAVA},
}
_DEBIAN = "debian13"
_HARDENED = {"python": 2, "node": 1, "eclipse-temurin": 1}
"""How many numbers of a version must stay as they are."""
_HARDENED_DEBIAN: dict[tuple[int, ...], str] = {(13,): "trixie-debian13"}
_PLAIN = {"slim", "jre", "jdk"}
"""Words of an official tag that a runtime image can stand for."""
_UBI = re.compile(r"(?:registry\.(?:access\.)?redhat\.(?:com|io)|redhat)/ubi(8|9|10)(?:/ubi)?")
_UBI_TAG = re.compile(r"(\d+)\.(\d+)(?:-(\d+)(?:\.(\d+))?)?", re.ASCII)
_NOTES = {
    "python": "Python is /usr/bin/python3, without pip: what pip put below /usr/local is found by "
    "PYTHONPATH alone",
    "node": "Node.js is /nodejs/bin/node, without npm",
} | dict.fromkeys(_JAVA, "a JRE: no javac")


class Kin(Struct, frozen=True):
    """A repository of another publisher, and how its tag is told."""

    kind: str
    """Of KINDS."""
    repository: str
    """In full: `gcr.io/distroless/cc-debian13`."""
    tag: str = ""
    """The one that is meant; empty where the list of tags is to be looked at."""
    note: str = ""
    """What is known to be another there and no list of packages says."""

    def chosen(self, own: str, tags: Iterable[str]) -> str:
        """Return the tag that stands for an official image's tag; empty for none."""
        if "/ubi" in self.repository:
            return _of_ubi(own, tags)
        said = parse(own)
        name = self.repository.rpartition("/")[2]
        return _of_series(said, _HARDENED[name], tags) if said else ""


def is_floating(tag: str) -> bool:
    """Tell whether a tag names no version, so that only a digest says what is meant."""
    said = parse(tag)
    return said is None or not said.version


def kin(name: str, tag: str) -> list[Kin]:
    """Return what can take the place of an image, by its short name and tag; the nearest first.

    Mirrors of Docker's official images are known by the path `…/library/NAME`.
    """
    if found := _UBI.fullmatch(name):
        home = f"registry.access.redhat.com/ubi{found[1]}"
        return [Kin("distroless", f"{home}/ubi-micro"), Kin("hardened", f"{home}/ubi-minimal")]
    said = parse(tag)
    official = name.rpartition("/library/")[2]
    if said is None or "/" in official or not set(said.variant) <= _PLAIN:
        return []
    return [*_distroless(official, said), *_hardened(official, said)]


def _series(official: str, said: Tag) -> tuple[int, ...]:
    return said.version or said.release if official == "debian" else said.version


def _distroless(official: str, said: Tag) -> Iterator[Kin]:
    version = _series(official, said)
    for series, names in _DISTROLESS.get(official, {}).items():
        if version[: len(series)] == series:
            for name in names:
                repository = f"gcr.io/distroless/{name}-{_DEBIAN}"
                yield Kin("distroless", repository, "nonroot", _NOTES.get(official, ""))


def _hardened(official: str, said: Tag) -> Iterator[Kin]:
    tag = _HARDENED_DEBIAN.get(_series(official, said)[:1], "")
    if official == "debian" and tag:
        yield Kin("hardened", "dhi.io/debian-base", tag)
    elif official in _HARDENED and len(said.version) >= _HARDENED[official]:
        note = _NOTES[official] if official in _JAVA else ""
        yield Kin("hardened", f"dhi.io/{official}", "", note)


def _of_series(own: Tag, kept: int, tags: Iterable[str]) -> str:
    """Return the newest of the same series that names its distribution, of the own family."""
    family = "alpine" if own.suite == "alpine" else "debian"
    near = [
        one for text in tags if (one := parse(text))
        and (one.suite, one.variant, one.build) == (family, (), ()) and one.release
        and one.version[:kept] == own.version[:kept] and one.version >= own.version
        and len(one.version) == len(own.version)
        and (own.suite != one.suite or one.release >= own.release)
    ]  # fmt: skip
    best = max(near, key=lambda one: (one.release == own.release, one.version, one.release),
               default=None)  # fmt: skip
    return best.text if best else ""


def _of_ubi(own: str, tags: Iterable[str]) -> str:
    """Return the newest release that is not older, with a build where the own has one."""
    mine = _UBI_TAG.fullmatch(own)
    if mine is None and own != "latest":
        return ""
    least = _numbers(mine)[:2] if mine else (0, 0)
    has_build = mine is None or mine[3] is not None
    found = [one for tag in tags if (one := _UBI_TAG.fullmatch(tag))
             and (one[3] is not None) == has_build and _numbers(one)[:2] >= least]  # fmt: skip
    best = max(found, key=_numbers, default=None)
    return best[0] if best else ""


def _numbers(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number or 0) for number in found.groups())
