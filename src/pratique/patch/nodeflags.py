"""What the packages of a Node project are for, as npm's lock files mark it.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json (dev, optional, devOptional, peer)
"""

from __future__ import annotations

from collections.abc import Iterator

from pratique.patch.nodetrees import Module, Tree, needs_of


def flags(tree: Tree, project: str) -> dict[str, frozenset[str]]:
    """Return by folder which marks the packages have that a project gets; most have none."""
    always = _got(tree, project, set())
    dev, optional = _got(tree, project, {"dev"}), _got(tree, project, {"optional"})
    own = _got(tree, project, {"dev", "optional"}, peer=False)
    found = {}
    for path in _got(tree, project, {"dev", "optional"}):
        marks = set() if path in own else {"peer"}
        if path not in always:
            marks |= {"devOptional"} if path in dev & optional else {"dev", "optional"}
        marks -= {"optional"} if path in dev else set()
        marks -= {"dev"} if path in optional else set()
        found[path] = frozenset(marks)
    return found


def _got(tree: Tree, project: str, kinds: set[str], *, peer: bool = True) -> set[str]:
    """Return the folders of the packages that a project gets by needs of some kinds."""
    found, waiting = set[str](), [project, *_workspaces(tree, project)]
    while waiting:
        one = tree.at(waiting.pop())
        for name in _asked(one, kinds, peer=peer) if one else ():
            got = tree.find(name, one.path) if one else None
            if got and got.path not in found:
                found.add(got.path)
                waiting.append(got.path)
    return found


def _workspaces(tree: Tree, project: str) -> Iterator[str]:
    """Yield the projects below one that is made of several."""
    top = tree.at(project)
    if top and top.manifest.get("workspaces"):
        below = f"{project}/" if project else ""
        yield from (one.path for one in tree if not one.name and one.path.startswith(below))


def _asked(one: Module, kinds: set[str], *, peer: bool) -> Iterator[str]:
    loose = needs_of(one.manifest, "optionalDependencies").keys()
    yield from _peers(one, kinds) if peer else ()
    yield from needs_of(one.manifest, "dependencies").keys() - loose
    yield from loose if "optional" in kinds else ()
    yield from needs_of(one.manifest, "devDependencies") if "dev" in kinds and not one.name else ()


def _peers(one: Module, kinds: set[str]) -> Iterator[str]:
    meta = one.manifest.get("peerDependenciesMeta")
    for name in needs_of(one.manifest, "peerDependencies"):
        known = meta.get(name) if isinstance(meta, dict) else None
        if "optional" in kinds or not (isinstance(known, dict) and known.get("optional")):
            yield name
