"""What the packages of a Node project are for, as npm's lock files mark it.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json (dev, optional, devOptional)
"""

from __future__ import annotations

from collections.abc import Iterator

from pratique.patch.nodetrees import Module, Tree, needs_of


def flags(tree: Tree, project: str) -> dict[str, frozenset[str]]:
    """Return by folder which marks the packages have that a project gets; most have none."""
    always = _got(tree, project, dev=False, optional=False)
    dev = _got(tree, project, dev=True, optional=False)
    optional = _got(tree, project, dev=False, optional=True)
    found = {}
    for path in _got(tree, project, dev=True, optional=True):
        if path in always:
            found[path] = frozenset[str]()
        elif path in dev and path in optional:
            found[path] = frozenset(["devOptional"])
        elif path in dev or path in optional:
            found[path] = frozenset(["dev" if path in dev else "optional"])
        else:
            found[path] = frozenset(["dev", "optional"])
    return found


def _got(tree: Tree, project: str, *, dev: bool, optional: bool) -> set[str]:
    """Return the folders of the packages that a project gets by needs of some kinds."""
    found, waiting = set[str](), [project, *_workspaces(tree, project)]
    while waiting:
        one = tree.at(waiting.pop())
        for name in _asked(one, dev=dev, optional=optional) if one else ():
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


def _asked(one: Module, *, dev: bool, optional: bool) -> Iterator[str]:
    loose = needs_of(one.manifest, "optionalDependencies").keys()
    meta = one.manifest.get("peerDependenciesMeta")
    for name in needs_of(one.manifest, "peerDependencies"):
        known = meta.get(name) if isinstance(meta, dict) else None
        if optional or not (isinstance(known, dict) and known.get("optional")):
            yield name
    yield from needs_of(one.manifest, "dependencies").keys() - loose
    yield from loose if optional else ()
    yield from needs_of(one.manifest, "devDependencies") if dev and not one.name else ()
