"""Node packages that Yarn locked: yarn.lock, of Yarn 1 and of Yarn 2 and later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import merged, relation
from pratique.codecs.npm_names import aliased, split
from pratique.codecs.yamltext import Map, read_mapping, text, texts
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_BERRY = rb"(?m)^__metadata:"
# two spaces, a member and its value; four spaces, what is needed and in which range
_MEMBER = re.compile(r'( {2}| {4})("[^"]*+"|[^\s":]++):?(?: ("[^"]*+"|\S.*))?')
_SHA1 = re.compile(r"#([0-9a-f]{40})$")
_NEEDS = ("dependencies", "optionalDependencies")
_LOCAL = ("file:", "link:", "portal:")
_LOCAL_VERSION = "0.0.0-use.local"


class _Entry(Struct):
    line: int
    asked: list[str]
    """`name@range`, each way in which it is asked for."""
    name: str = ""
    version: str = ""
    hashes: tuple[str, ...] = ()
    needs: list[tuple[str, str]] = []
    relation: str = ""


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Yarn (classic.yarnpkg.com and yarnpkg.com, version 1 to 8).

    Yarn 1 does not tell what the project asks for, and none tells what is for development.
    """
    data = file.read()
    is_berry = bool(re.search(_BERRY, data))
    found = _berry(data, file.path) if is_berry else _classic(data, file.path)
    entries = [entry for entry in found if entry.name]
    ids = {asked: f"{one.name}@{one.version}" for one in entries for asked in one.asked}
    edges = {one.line: set(_ids(one.needs, ids)) for one in entries}
    roots = [one for one in entries if is_berry and one.relation]
    direct = {id for one in roots for id in edges[one.line]}
    yield from merged(
        Package(
            file.path, "yarn", "npm", one.name, one.version, line=one.line, hashes=one.hashes,
            relation=one.relation or relation(f"{one.name}@{one.version}", direct),
            depends=tuple(sorted(edges[one.line])),
        )
        for one in entries
        if one.version
    )  # fmt: skip


def _ids(needs: Iterable[tuple[str, str]], ids: dict[str, str]) -> Iterator[str]:
    for name, wanted in needs:
        # Yarn 2 and 3 write a range as it is, and the key with the protocol
        found = ids.get(f"{name}@{wanted}") or ids.get(f"{name}@npm:{wanted}")
        if found:
            yield found


def _classic(data: bytes, path: str) -> Iterator[_Entry]:
    entry, member = _Entry(0, []), ""
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            if not line.endswith(":"):
                raise MalformedError(f"line {number}: not as Yarn writes it", path)
            yield entry
            asked = [word.strip(' "') for word in line[:-1].split(",")]
            name, wanted = split(asked[0])
            role = "workspace" if wanted.startswith(_LOCAL) else ""
            entry = _Entry(number, asked, aliased(name, wanted), relation=role)
        elif match := _MEMBER.fullmatch(line.rstrip()):
            key, value = (part.strip('"') for part in (match[2], match[3] or ""))
            if len(match[1]) == 2:
                member = key
                _add(entry, key, value)
            elif member in _NEEDS:
                entry.needs.append((key, value))
    yield entry


def _add(entry: _Entry, key: str, value: str) -> None:
    if key == "version":
        entry.version = value
    elif key == "integrity" or (key == "resolved" and not entry.hashes):
        sha1 = _SHA1.search(value)
        entry.hashes = digests([sha1[1] if sha1 else value])


def _berry(data: bytes, path: str) -> Iterator[_Entry]:
    lock = read_mapping(data, path)
    for key, value in lock.items():
        if isinstance(value, Map) and key != "__metadata":
            name, place = split(text(value.get("resolution")))
            version = text(value.get("version"))
            role = ""
            if place.startswith("workspace:"):
                role = "root" if place == "workspace:." else "workspace"
                version = version.replace(_LOCAL_VERSION, "")
            asked = key.split(", ")
            needs = [need for member in _NEEDS for need in texts(value.get(member)).items()]
            yield _Entry(lock.lines[key], asked, name, version, (), needs, role)


yarn = Analyzer("yarn", 1, ("yarn.lock",), _analyze, reads="locked")
