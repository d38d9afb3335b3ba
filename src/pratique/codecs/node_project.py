"""What a Node project asks for: package.json beside a lock file (docs.npmjs.com, package.json)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.codecs.lock_graph import reachable
from pratique.codecs.npm_names import split
from pratique.errors import MalformedError

_Need = tuple[str, str]
"""A name, and in which range or from where it is asked for."""


class NodeProject(Struct, frozen=True, rename="camel"):
    """Names, each with a range of versions or another word for where it comes from."""

    dependencies: dict[str, object] = {}
    dev_dependencies: dict[str, object] = {}
    optional_dependencies: dict[str, object] = {}
    workspaces: object = None

    @property
    def run(self) -> list[_Need]:
        """What it needs to run."""
        needs = (*self.dependencies.items(), *self.optional_dependencies.items())
        return [(name, wanted) for name, wanted in needs if isinstance(wanted, str)]

    @property
    def dev(self) -> list[_Need]:
        """What it needs for development."""
        needs = self.dev_dependencies.items()
        return [(name, wanted) for name, wanted in needs if isinstance(wanted, str)]


_PROJECT = Decoder(NodeProject)


def read_project(data: bytes | None) -> NodeProject | None:
    """Return what a package.json says; None where there is none that can be read."""
    try:
        return decode(data, _PROJECT, "") if data else None
    except MalformedError:
        return None


def workspaces_of(project: NodeProject) -> list[str]:
    """Return the globs of its workspaces, a list, or one by `packages`
    (https://classic.yarnpkg.com/en/docs/workspaces).
    """
    stated = project.workspaces
    globs = stated.get("packages") if isinstance(stated, dict) else stated
    return [glob for glob in globs if isinstance(glob, str)] if isinstance(globs, list) else []


class Needed(Struct, frozen=True):
    """`name@version`s of what is asked for."""

    direct: set[str] = set()
    run: set[str] | None = None
    """What is needed to run, in turn; None where it is not known what that is."""


def needed_by(
    projects: Sequence[NodeProject | None], ids: Mapping[str, str], edges: Mapping[str, set[str]]
) -> Needed:
    """Tell what the packages of a lock file are needed for, by the projects that it is of.

    `ids` maps each `name@range` of the lock file to its `name@version`. A project that is not at
    hand, and workspaces that the lock file does not name, leave open what is for development.
    """
    names: dict[str, set[str]] = {}
    for asked, id in ids.items():
        names.setdefault(split(asked)[0], set()).add(id)
    known = [project for project in projects if project]
    run = {id for project in known for id in _found(project.run, ids, names)}
    dev = {id for project in known for id in _found(project.dev, ids, names)}
    direct = run | dev
    if len(projects) == 1 and known and known[0].workspaces:
        inner = {id for needs in edges.values() for id in needs}
        return Needed(direct | {id for id in edges if id not in inner})
    return Needed(direct, reachable(run, edges) if len(known) == len(projects) else None)


def found(need: _Need, ids: Mapping[str, str]) -> str:
    """Return the `name@version` that was taken for a need, or nothing."""
    name, wanted = need
    # Yarn 2 and 3 write a range as it is, and the key with the protocol
    return ids.get(f"{name}@{wanted}") or ids.get(f"{name}@npm:{wanted}") or ""


def _found(needs: list[_Need], ids: Mapping[str, str], names: Mapping[str, set[str]]) -> set[str]:
    """Return what is asked for: every version of a name that is resolved in another way."""
    taken: set[str] = set()
    for need in needs:
        one = found(need, ids)
        taken.update([one] if one else names.get(need[0], ()))
    return taken
