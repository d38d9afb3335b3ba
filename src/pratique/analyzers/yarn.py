"""Node packages that Yarn locked: yarn.lock, of Yarn 1 and of Yarn 2 and later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import merged, relation
from pratique.codecs.node_project import NodeProject, found, needed_by, read_project
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
    folder: str = ""
    """Of a workspace."""

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Yarn (classic.yarnpkg.com and yarnpkg.com, version 1 to 8).

    What the project asks for to run, and for development, stands in its package.json files.
    """
    data = file.read()
    is_berry = bool(re.search(_BERRY, data))
    read = _berry(data, file.path) if is_berry else _classic(data, file.path)
    entries = [entry for entry in read if entry.name]
    ids = {asked: one.id for one in entries for asked in one.asked}
    edges = {one.line: set(_ids(one.needs, ids)) for one in entries}
    roots = [one for one in entries if is_berry and one.relation]
    projects = [_project(file, one.folder) for one in roots or [_Entry(0, [])]]
    needed = needed_by(projects, ids, _by_id(entries, edges, roots))
    direct = needed.direct | {id for one in roots for id in edges[one.line]}
    yield from merged(
        Package(
            file.path, "yarn", "npm", one.name, one.version, line=one.line, hashes=one.hashes,
            relation=one.relation or relation(one.id, direct),
            dev=needed.run is not None and not one.relation and one.id not in needed.run,
            depends=tuple(sorted(edges[one.line])),
        )
        for one in entries
        if one.version
    )  # fmt: skip


def _project(file: File, folder: str) -> NodeProject | None:
    return read_project(beside(file, f"{folder or '.'}/package.json"))


def _by_id(
    entries: list[_Entry], edges: dict[int, set[str]], roots: list[_Entry]
) -> dict[str, set[str]]:
    """Map what is locked to what it needs; what the project itself needs is told apart."""
    own = {one.line for one in roots}
    joined: dict[str, set[str]] = {}
    for one in entries:
        if one.line in own:
            continue
        joined.setdefault(one.id, set()).update(edges[one.line])
    return joined


def _ids(needs: Iterable[tuple[str, str]], ids: dict[str, str]) -> Iterator[str]:
    yield from filter(None, (found(need, ids) for need in needs))


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
            role = folder = ""
            if place.startswith("workspace:"):
                folder = place.removeprefix("workspace:")
                role = "root" if folder == "." else "workspace"
                version = version.replace(_LOCAL_VERSION, "")
            asked = key.split(", ")
            needs = [need for member in _NEEDS for need in texts(value.get(member)).items()]
            yield _Entry(lock.lines[key], asked, name, version, (), needs, role, folder)


yarn = Analyzer("yarn", 1, ("yarn.lock",), _analyze, reads="locked")
