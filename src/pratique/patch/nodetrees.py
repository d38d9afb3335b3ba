"""Node's packages in an image: which are where, and which one a package finds by a name.

https://nodejs.org/api/modules.html#loading-from-node_modules-folders
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import DecodeError, Struct, json

from pratique.codecs.npm_range import allows
from pratique.patch.root import Root

_MODULE = re.compile(r"(?:(.+)/)?node_modules/((?:@[^/]+/)?[^/@.][^/]*)")
_NEEDS = ("peerDependencies", "dependencies", "optionalDependencies")  # the last one counts
_LOCKS = ("package-lock.json", ".package-lock.json", "npm-shrinkwrap.json")
_FOREIGN = re.compile(
    r"(?:git|https?|file|link|workspace|portal|patch|github|gitlab|bitbucket|gist)[:+]|[^@:]+/"
)
_ALIAS = re.compile(r"npm:@?[^@]+@")
_PIN = re.compile(r"=?v?\d+\.\d+\.\d+")
OF_DISTRIBUTION = ("usr/share/nodejs/", "usr/lib/nodejs/", "usr/lib/node_modules/")


def wanted(path: str) -> bool:
    """Tell which files of an image have to be read."""
    name = path.rpartition("/")[2]
    return name == "package.json" or name in _LOCKS


class Module(Struct):
    """A package in a folder, or a project outside of `node_modules`."""

    path: str
    """Its folder, relative to the root."""
    name: str
    """As others ask for it; empty for a project."""
    version: str
    manifest: Mapping[str, Any]
    known: dict[str, str] | None = None
    """What it needs, once that was asked."""

    @property
    def says(self) -> str:
        """Return how it is told to people."""
        if self.name:
            return f"{self.name} {self.version}".strip()
        return f"/{self.path}/package.json".replace("//", "/")

    def needs(self) -> dict[str, str]:
        """Map names to the ranges that it asks for; a peer counts, for it is found the same way."""
        if self.known is None:
            kinds = _NEEDS if self.name else ("devDependencies", *_NEEDS)
            self.known = {
                name: written for kind in kinds
                for name, written in needs_of(self.manifest, kind).items()
            }  # fmt: skip
        return self.known


def needs_of(manifest: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return the names and ranges of one kind of dependencies."""
    found = manifest.get(kind)
    if not isinstance(found, dict):
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)}


class Tree:
    """All packages of an image, with those that are to be put in."""

    def __init__(self, modules: Mapping[str, Module], above: Tree | None = None) -> None:
        self.modules = dict(modules)
        self._gone: set[str] = set()
        self._above = above

    def trial(self) -> Tree:
        """Return a tree that can be changed and thrown away."""
        return Tree({}, self)

    def keep(self, trial: Tree) -> None:
        """Take over what was tried."""
        for path in trial._gone:
            self.drop(path)
        for one in trial.modules.values():
            self.put(one)

    def put(self, one: Module) -> None:
        """Have a package in its folder."""
        self.modules[one.path] = one
        self._gone.discard(one.path)

    def drop(self, path: str) -> None:
        """Have no package in a folder."""
        self.modules.pop(path, None)
        if self._above:
            self._gone.add(path)

    def paths(self) -> set[str]:
        """Return the folders of all packages."""
        return {one.path for one in self}

    def touched(self) -> set[str]:
        """Return the names of what is other than in the tree that this is a trial of."""
        return {path.rpartition("node_modules/")[2] for path in (*self.modules, *self._gone)}

    def at(self, path: str) -> Module | None:
        if path in self.modules:
            return self.modules[path]
        if path in self._gone:
            return None
        return self._above.at(path) if self._above else None

    def find(self, name: str, path: str) -> Module | None:
        """Return what a package in a folder gets when it asks for a name."""
        folder = path
        while True:
            if folder.rpartition("/")[2] != "node_modules":
                place = f"{folder}/node_modules/{name}" if folder else f"node_modules/{name}"
                if found := self.at(place):
                    return found
            if not folder:
                return None
            folder = folder.rpartition("/")[0]

    def __iter__(self) -> Iterator[Module]:
        """Yield every module once, as it is to be."""
        seen: set[str] = set()
        tree: Tree | None = self
        while tree:
            yield from (one for path, one in tree.modules.items() if path not in seen)
            seen |= tree.modules.keys() | tree._gone  # noqa: SLF001 - of its own kind
            tree = tree._above  # noqa: SLF001 - of its own kind

    def dependents(self, name: str, path: str) -> Iterator[tuple[Module, str]]:
        """Yield who gets the package in a folder, and the range that they ask for."""
        for one in self:
            written = one.needs().get(name)
            if written is not None and (found := self.find(name, one.path)) and found.path == path:
                yield one, written


def read_tree(root: Root) -> Tree:
    """Return the packages of an image; what cannot be read as one is none."""
    found: dict[str, Module] = {}
    for path, data in root.contents.items():
        folder, _, name = path.rpartition("/")
        if name != "package.json":
            continue
        match = _MODULE.fullmatch(folder)
        inside = folder.startswith("node_modules/") or "/node_modules/" in folder
        if inside and not match:
            continue
        manifest = manifest_of(data)
        if manifest is not None:
            version = str(manifest.get("version") or "")
            found[folder] = Module(folder, match[2] if match else "", version, manifest)
    return Tree(found)


def manifest_of(data: bytes) -> Mapping[str, Any] | None:
    """Return a package.json; None for what is none."""
    try:
        found = json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None


def accepts(written: str, version: str) -> bool:
    """Tell whether a range takes a version; of an alias that is the range behind it."""
    return allows(_ALIAS.sub("", written), version)


def is_pin(one: Module, written: str) -> bool:
    """Tell whether a project asks for exactly one version: that moves along."""
    return not one.name and bool(_PIN.fullmatch(written))


def is_foreign(written: str) -> bool:
    """Tell whether a package is asked for by a place rather than a range."""
    return bool(_FOREIGN.match(written))
