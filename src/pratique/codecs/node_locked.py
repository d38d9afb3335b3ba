"""What the lock files of npm, Yarn and pnpm say of where each package is from, and its digests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from msgspec import DecodeError, Struct, json

from pratique.codecs.digests import digests
from pratique.codecs.npm_names import aliased, split

_FOLDER = "node_modules/"
_CLASSIC = re.compile(
    r'(?m)^("?)((?:@[^/\s"]+/)?[^@\s"]+)@([^\n]*):[ \t]*\r?\n((?:[ \t]+[^\n]*\n?)+)'
)
_MEMBER = re.compile(r'(?m)^  (version|resolved|integrity) "?([^"\r\n]*+)')
_BERRY = re.compile(r'(?m)^  resolution: "((?:@[^/\n"]+/)?[^@\n"]+)@npm:([^"\n:]+)(::[^"\n]*)?"')
_ARCHIVE = re.compile(r"__archiveUrl=([^&\"]+)")
_PNPM = re.compile(
    r"(?m)^  '?/?((?:@[^/\s']+/)?[^@/\s']+)[@/](\d[^\s'(_:]*+)[^\s':]*+'?:\s*\n"
    r"    resolution: *\{([^}\n]*)\}"
)
_FIELD = re.compile(r"(\w+): *([^\s,}]+)")


class Locked(Struct, frozen=True):
    name: str
    version: str
    url: str = ""
    """Of the archive, where the lock has one."""
    hashes: tuple[str, ...] = ()
    alias: str = ""
    """What it is asked for as, where that is another name."""


def npm_locked(text: str) -> list[Locked]:
    """Return what package-lock.json locks; raises DecodeError."""
    lock: Any = json.decode(text)
    if not isinstance(lock, dict):
        raise DecodeError("an object is expected")
    packages = lock.get("packages")
    entries = _placed(packages) if isinstance(packages, dict) else _nested(lock)
    return [
        Locked(
            name, version, url if url.startswith("http") else "", digests([integrity]),
            "" if key == name else key,
        )
        for key, name, entry in entries
        for version, url, integrity in [_texts(entry)]
        if version[:1].isdigit()
    ]  # fmt: skip


def yarn_locked(text: str) -> Iterator[Locked]:
    """Yield what yarn.lock locks, of Yarn 1 or later (which says no digest of an archive)."""
    for name, version, more in _BERRY.findall(text):
        archive = _ARCHIVE.search(more)
        yield Locked(name, version, unquote(archive[1]) if archive else "")
    for _, name, wanted, body in _CLASSIC.findall(text):
        said = {member: value.strip() for member, value in _MEMBER.findall(body)}
        if not said.get("version") or not said.get("resolved", "").startswith("http"):
            continue
        url, _, sha1 = said["resolved"].partition("#")
        own = aliased(name, wanted.partition(",")[0].strip(' "'))
        hashes = digests([said.get("integrity", ""), sha1])
        yield Locked(own, said["version"], url, hashes, "" if own == name else name)


def pnpm_locked(text: str) -> Iterator[Locked]:
    """Yield what pnpm-lock.yaml locks."""
    for name, version, body in _PNPM.findall(text):
        said = {member: value.strip("'\"") for member, value in _FIELD.findall(body)}
        url, hashes = said.get("tarball", ""), digests([said.get("integrity", "")])
        yield Locked(name, version, url if url.startswith("http") else "", hashes)


def _placed(packages: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for key, entry in packages.items():
        if _FOLDER in key and isinstance(entry, dict) and not entry.get("link"):
            own = key.rpartition(_FOLDER)[2]
            yield own, str(entry.get("name") or own), entry


def _nested(lock: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the entries of lockfileVersion 1."""
    waiting = [lock]
    while waiting:
        inner = waiting.pop().get("dependencies")
        for key, entry in inner.items() if isinstance(inner, dict) else ():
            if not isinstance(entry, dict):
                continue
            waiting.append(entry)
            name, version = key, str(entry.get("version") or "")
            if version.startswith("npm:"):
                name, version = split(version.removeprefix("npm:"))
            yield key, name, {**entry, "version": version}


def _texts(entry: dict[str, Any]) -> Iterable[str]:
    return [str(entry.get(name) or "") for name in ("version", "resolved", "integrity")]
