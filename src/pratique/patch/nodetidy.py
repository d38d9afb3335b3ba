"""What holds in a tree of Node's packages, and what is there for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pratique.patch.nodetrees import Module, Tree, accepts, is_pin, needs_of


def broken(tree: Tree, before: Tree, names: Collection[str]) -> str:
    """Return a need of some names that was met before and is not now; empty if there is none."""
    for one in tree:
        needs = one.needs()
        for name in needs.keys() & names:
            if not _is_met(tree, before, one, name, needs[name]):
                return f"{one.says} needs {name}@{needs[name]}"
    return ""


def _is_met(tree: Tree, before: Tree, one: Module, name: str, written: str) -> bool:
    found, was = tree.find(name, one.path), before.find(name, one.path)
    if found and (accepts(written, found.version, name) or is_pin(one, written)):
        return True
    old = before.at(one.path)
    if old and old.needs().get(name) == written:  # as it was, or no worse
        was_met = was is not None and accepts(written, was.version, name)
        return not was_met and (found is None) == (was is None)
    needed = needs_of(one.manifest, "dependencies").keys()
    return found is None and name not in needed - needs_of(one.manifest, "optionalDependencies")


def unreached(tree: Tree, before: Tree) -> set[str]:
    """Return the folders of packages that some project got before, and that none gets now.

    Those that no project got before (npm itself, what somebody copied) count as projects.
    """
    projects = [path for path in before.paths() if not before.modules[path].name]
    got = _reached(before, projects)
    roots = [path for path in before.paths() if path not in got]
    return set(tree.paths()) - _reached(tree, [*projects, *roots])


def _reached(tree: Tree, roots: list[str]) -> set[str]:
    found, waiting = set(roots), list(roots)
    while waiting:
        one = tree.at(waiting.pop())
        for name in one.needs() if one else ():
            got = tree.find(name, one.path) if one else None
            if got and got.path not in found:
                found.add(got.path)
                waiting.append(got.path)
    return found


def spare(tree: Tree, before: Tree) -> Iterator[str]:
    """Yield new folders whose packages others take over: what gets them, finds those as well."""
    for path in sorted(tree.paths() - before.paths(), key=lambda path: path.count("/")):
        one = tree.at(path)
        if one is None:
            continue  # it was below one that is gone
        trial = tree.trial()
        for inner in below(tree, path):
            trial.drop(inner)
        users = [user for user, _ in tree.dependents(one.name, path) if trial.at(user.path)]
        if not any(_lacks(trial, user, one.name) for user in users):
            tree.keep(trial)
            yield path


def _lacks(tree: Tree, user: Module, name: str) -> bool:
    found = tree.find(name, user.path)
    return found is None or not accepts(user.needs()[name], found.version, name)


def below(tree: Tree, path: str) -> list[str]:
    """Return a folder, and the folders of packages in it."""
    return [one.path for one in tree if f"{one.path}/".startswith(f"{path}/")]
