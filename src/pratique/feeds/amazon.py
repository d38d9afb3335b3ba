"""Amazon Linux: ALAS bulletins out of its own repositories.

https://docs.aws.amazon.com/linux/ names the repositories; a mirror list leads to each. The newest
release of 2023 holds the bulletins of all before it. Amazon Linux 2 has a repository for each
topic of its extras: packages of one name and several lines (php of php8.0 and php8.2, kernel), so
a topic's bulletins are about its own line alone.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from msgspec import DecodeError, Struct, ValidationError, field, json
from msgspec.structs import replace

from pratique.codecs import rpmbuilds, updateinfo
from pratique.codecs.rpmbuilds import Build
from pratique.errors import MalformedError

_CDN = "https://cdn.amazonlinux.com"
_CATALOGUE = f"{_CDN}/2/extras-catalog.json"
_CORE = {
    "1": ("https://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list",),
    "2": (f"{_CDN}/2/core/latest/x86_64/mirror.list", _CATALOGUE),
    "2022": (f"{_CDN}/al2022/core/mirrors/latest/x86_64/mirror.list",),
    "2023": (f"{_CDN}/al2023/core/mirrors/latest/x86_64/mirror.list",),
}
_CATALOGUE_LIMIT = 16 << 20
_TOPIC = re.compile(r"/2/extras/([^/]+)/")
_TOPIC_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*", re.ASCII)
_LINE = re.compile(r"(\d+(?:\.\d+)*)$", re.ASCII)
_RELEASES = {"al2022": "2022", "al2023": "2023", "2018.03": "1", "2": "2"}


class _Topic(Struct):
    name: str = field(name="n")


class _Catalogue(Struct):
    topics: list[_Topic]


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_DECODER = json.Decoder(_Catalogue)


def documents(shard: str) -> tuple[str, ...]:
    """Return the mirror lists of a release's repositories, and the catalogue of extras of 2."""
    family, _, release = shard.partition(":")
    if family != "Amazon Linux":
        return ()
    chosen = _CORE if release == "*" else {release} & _CORE.keys()
    return tuple(address for name in sorted(chosen) for address in _CORE[name])


def links(file: BinaryIO, where: str) -> tuple[str, ...]:
    """Return the mirror lists of the topics that the catalogue has; else as any repository's."""
    if not where.endswith("/extras-catalog.json"):
        return updateinfo.links(file, where)
    try:
        catalogue = _DECODER.decode(file.read(_CATALOGUE_LIMIT))
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no catalogue of extras: {error}", where) from error
    names = [topic.name for topic in catalogue.topics if _TOPIC_NAME.fullmatch(topic.name)]
    return tuple(f"{_CDN}/2/extras/{name}/latest/x86_64/mirror.list" for name in names)


def _ecosystem(address: str) -> str:
    folder = address.split("/")[3] if address.count("/") > 3 else ""
    release = _RELEASES.get(folder, "")
    return f"Amazon Linux:{release}" if release else ""


def _lowest(address: str, build: Build) -> str:
    topic = _TOPIC.search(address)
    line = _LINE.search(topic[1]) if topic else None
    return (rpmbuilds.beginning_with(build.version, line[1]) if line else "") or "0"


feed = replace(
    updateinfo.feed(
        "amazon", documents, _ecosystem, lowest=_lowest,
        offers=tuple(f"Amazon Linux:{release}" for release in _CORE if release != "2022"),
    ), links=links,
)  # fmt: skip
