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
    if found and (accepts(written, found.version) or is_pin(one, written)):
        return True
    old = before.at(one.path)
    if old and old.needs().get(name) == written:  # as it was, or no worse
        was_met = was is not None and accepts(written, was.version)
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


def idle_places(tree: Tree, before: Tree) -> Iterator[tuple[str, str]]:
    """Yield the folders of packages that nothing gets any more, each with the one of a new copy
    below that could be there: of the version that most have.
    """
    new = [tree.modules[path] for path in tree.modules.keys() - before.paths()]
    for place in sorted(unreached(tree, before) & before.paths()):
        home, _, name = place.rpartition("node_modules/")
        copies = sorted((one for one in new if one.name == name and one.path.startswith(home)),
                        key=lambda one: one.path)  # fmt: skip
        if copies:
            versions = [one.version for one in copies]
            most = max(versions, key=versions.count)
            yield place, next(one.path for one in copies if one.version == most)


def _lacks(tree: Tree, user: Module, name: str) -> bool:
    found = tree.find(name, user.path)
    return found is None or not accepts(user.needs()[name], found.version)


def places(tree: Tree, path: str, name: str) -> list[str]:
    """Return the folders that a package finds another in, outermost first: of its project (of the
    package at the top, where no project is), and below the one that it finds now.
    """
    found, folder, made = tree.find(name, path), path, list[str]()
    while "node_modules/" in folder:
        made.append(f"{folder}/node_modules/{name}")
        folder = folder.rpartition("node_modules/")[0].rstrip("/")
    if tree.at(folder):
        made.append(f"{folder}/node_modules/{name}".lstrip("/"))
    if found and found.path in made:
        del made[made.index(found.path) :]
    return made[::-1]


def added(tree: Tree, before: Tree, path: str) -> set[str]:
    """Return the folders of new packages that are in the folder of another."""
    own, new = f"{path}/node_modules/", set[str]()
    for one in sorted(below(tree, path)):
        inner = one.removeprefix(own)
        first = own + "/".join(inner.split("/")[: 2 if inner.startswith("@") else 1])
        if one.startswith(own) and not before.at(first):
            new.add(one)
    return new


def below(tree: Tree, path: str) -> list[str]:
    """Return a folder, and the folders of packages in it."""
    return [one.path for one in tree if f"{one.path}/".startswith(f"{path}/")]
