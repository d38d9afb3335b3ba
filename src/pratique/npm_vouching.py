"""Compare what a lock file says of packages with what their registry says, before it is changed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

from pratique.codecs.node_locked import Locked
from pratique.codecs.plaintext import printable
from pratique.errors import LyingError, MalformedError, SourceError
from pratique.model.remedy import Bump, Project
from pratique.npm_registry import homes, host_of, stated

_NAME = re.compile(r"(?:@[^\s/@.'\"\\-][^\s/@'\"\\]*/)?[^\s/@.'\"\\-][^\s/@'\"\\]*")
"""Old packages have names that no new one may have; none leads elsewhere or is an option."""
_LIES: WeakKeyDictionary[Project, dict[str, str]] = WeakKeyDictionary()
"""What was found out of a lock file, by its path: nothing of one that lies is changed."""


def vouched(
    project: Project, path: str, locked: Iterable[Locked], bumps: Sequence[Bump],
    manifests: Mapping[str, str],
) -> None:  # fmt: skip
    """Raise LyingError where a lock file lies.

    Archives of other hosts than those of the registries have to be the registry's own by their
    digests, save where a package.json asks for one; of what is to be changed all are compared.
    """
    known = list(dict.fromkeys(locked))
    names = (name for one in known for name in (one.name, one.alias or one.name))
    if odd := next((name for name in names if not _NAME.fullmatch(name)), ""):
        raise LyingError(f"{path} has {printable(odd)!r}, which is no package's name", path)
    lies = _LIES.setdefault(project, {})
    if not project.is_offline and path not in lies:
        own = homes(project, posixpath.dirname(path))
        due = _due(known, own, {bump.name for bump in bumps}, manifests)
        with ThreadPoolExecutor(8) as pool:
            answers = pool.map(lambda one: _lie(project, path, *one), due)
            if found := next(filter(None, answers), ""):
                lies[path] = found
    if path in lies:
        raise LyingError(lies[path], path)


def _due(
    known: Iterable[Locked], own: Container[str], names: Container[str],
    manifests: Mapping[str, str],
) -> list[tuple[Locked, str]]:  # fmt: skip
    """Return what is to be compared, with the host where that is a foreign one."""
    found = []
    for one in known:
        host = host_of(one.url) if one.url else ""
        is_own = host in own or any(f'"{one.url}"' in text for text in manifests.values())
        foreign = "" if not one.url or is_own else host
        if foreign or (one.name in names and one.hashes):
            found.append((one, foreign))
    return found


def _lie(project: Project, path: str, one: Locked, foreign: str) -> str:
    """Return what is wrong with an entry, or nothing."""
    what = f"{one.name} {one.version}"
    try:
        said = stated(project, path, one.name).get(one.version, ())
    except (SourceError, MalformedError):
        said = ()  # one that only npm may ask, or does not answer
    theirs = dict(digest.split(":") for digest in said)
    same = [theirs[kind] == value for kind, value in (d.split(":") for d in one.hashes)
            if kind in theirs]  # fmt: skip
    if same and not all(same):
        return f"the lock file's digest of {what} is not that of the registry"
    if foreign and not same:
        return f"{what} comes from {printable(foreign)}, and the registry does not vouch for it"
    return ""
