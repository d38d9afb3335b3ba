"""Whether the modules of an image still find what they import when packages are other versions."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cached_property
from zipfile import ZipFile

from pratique.codecs.python_imports import Imported, Module, imports, read_module
from pratique.patch.environments import Environment
from pratique.patch.imagefiles import ImageFiles
from pratique.patch.root import Root

_STATEMENT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)|import[ \t]+([\w., \t]+))", re.MULTILINE)
_LIBRARY = re.compile(r"(?:^|/)lib(?:64)?/(?:python|pypy)\d[\d.]*/")
_SITE = re.compile(r"(?:^|/)(?:site|dist)-packages/")
_COMPILED = re.compile(r"\.(?:cpython|abi3|pypy)?[\w-]*\.?(?:so|pyd)\Z")
_PLACED = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")

Read = Callable[[str], bytes | None]
"""Gives a file of a package by its path in site-packages."""


class Sources:
    """The modules of an image, those of its Pythons' own libraries left out."""

    def __init__(self, files: ImageFiles) -> None:
        self._files = files
        self._imports: dict[str, frozenset[Imported]] = {}

    def read(self, path: str) -> bytes | None:
        """Return a module by its path in the image."""
        with suppress(KeyError):
            return self._files.small.read(path)
        return None

    def importing(
        self, tops: Iterable[str], site: str
    ) -> Iterator[tuple[str, frozenset[Imported]]]:
        """Yield what imports any of some top-level modules, and what it imports: modules of an
        environment, and of applications, which are in none.
        """
        home = f"{site}/"
        for path in sorted({path for top in tops for path in self._importing.get(top, ())}):
            inside = path.startswith(home)
            if not inside and _SITE.search(path):
                continue
            if path not in self._imports:
                package = package_of(path.removeprefix(home)) if inside else ""
                self._imports[path] = imports(self._files.small.read(path), package)
            yield path, self._imports[path]

    @cached_property
    def _importing(self) -> dict[str, list[str]]:
        """Map top-level modules to what imports them."""
        small = self._files.small
        names = (path for path in small.namelist() if path.endswith(".py"))
        own = (path for path in names if _SITE.search(path) or not _LIBRARY.search(path))
        return _by_top((path, small.read(path)) for path in own)


class Package:
    """The modules of one version of a package."""

    def __init__(self, paths: Iterable[str], read: Read) -> None:
        """`paths` are those of its files in site-packages."""
        self._read = read
        paths = self.paths = frozenset(paths)
        self._sources = {path for path in paths if path.endswith(".py")}
        self._others = {_COMPILED.sub("", path).partition(".")[0].replace("/", ".")
                        for path in paths if _COMPILED.search(path)}  # fmt: skip
        self._folders = {".".join(path.split("/")[:depth]) for path in paths
                         for depth in range(1, path.count("/") + 1)}  # fmt: skip
        self._known: dict[str, Module | None] = {}
        self._imports: dict[str, frozenset[Imported]] = {}

    @property
    def tops(self) -> set[str]:
        """The top-level modules that it has."""
        found = {path.split("/")[0].removesuffix(".py") for path in self._sources}
        return {top for top in found | {name.split(".")[0] for name in self._others}
                if top.isidentifier()}  # fmt: skip

    def importing(self, tops: AbstractSet[str]) -> Iterator[Imported]:
        """Yield what its modules import of some top-level ones."""
        for path in sorted({path for top in tops for path in self._importing.get(top, ())}):
            if path not in self._imports:
                self._imports[path] = imports(self._read(path) or b"", package_of(path))
            yield from self._imports[path]

    @cached_property
    def _importing(self) -> dict[str, list[str]]:
        return _by_top((path, self._read(path) or b"") for path in self._sources)

    def has(self, wanted: Imported) -> bool:
        """Tell whether a module is there, and the name in it."""
        if not self._has_module(wanted.module):
            return False
        if not wanted.name or self._has_module(f"{wanted.module}.{wanted.name}"):
            return True
        module = self._module(wanted.module)
        return module is None or module.is_open or wanted.name in module.names

    def _has_module(self, name: str) -> bool:
        return bool(self._source(name)) or name in self._others or name in self._folders

    def _source(self, name: str) -> str:
        path = name.replace(".", "/")
        return next(
            (one for one in (f"{path}/__init__.py", f"{path}.py") if one in self._sources), ""
        )

    def _module(self, name: str) -> Module | None:
        if name not in self._known:
            source = self._source(name)
            data = self._read(source) if source else None
            self._known[name] = None if data is None else read_module(data)
        return self._known[name]


class Links:
    """What holds one environment together."""

    def __init__(self, sources: Sources, environment: Environment, root: Root) -> None:
        self._sources, self._env, self._root = sources, environment, root
        self._old: dict[str, Package] = {}
        self._new: dict[str, Package] = {}

    def missing(self, name: str, wheels: Mapping[str, str]) -> str:
        """Return what is imported from a package and not in its new version; empty if nothing is.

        `wheels` are the files of that version, and of others that are new as well, by name.
        """
        before, after = self._before(name), self._after(wheels[name])
        if not before.tops:
            return ""
        home = f"{self._env.site}/"
        wanted: Iterable[Imported]
        replaced = {f"{home}{path}" for other in wheels for path in self._before(other).paths}
        for path, wanted in self._sources.importing(before.tops, self._env.site):
            lost = _lost(wanted, before, after) if path not in replaced else None
            if lost:
                return f"/{path} imports {lost.shown}"
        for other, wheel in wheels.items():
            wanted = self._after(wheel).importing(before.tops) if other != name else ()
            lost = _lost(wanted, before, after)
            if lost:
                return f"the new {other} imports {lost.shown}"
        return ""

    def _before(self, name: str) -> Package:
        if name not in self._old:
            installed = self._env.packages.get(name)
            record = self._root.read(f"{installed.folder}/RECORD") if installed else None
            rows = csv.reader((record or b"").decode("utf-8", "replace").splitlines())
            self._old[name] = Package([row[0] for row in rows if row], self._read)
        return self._old[name]

    def _read(self, path: str) -> bytes | None:
        return self._sources.read(f"{self._env.site}/{path}")

    def _after(self, wheel: str) -> Package:
        if wheel not in self._new:
            with ZipFile(wheel) as file:
                held = {_PLACED.sub("", name): file.read(name) for name in file.namelist()
                        if not name.endswith("/")}  # fmt: skip
            self._new[wheel] = Package(held, held.get)
        return self._new[wheel]


def _lost(wanted: Iterable[Imported], before: Package, after: Package) -> Imported | None:
    return next((one for one in sorted(wanted, key=lambda one: (one.module, one.name))
                 if before.has(one) and not after.has(one)), None)  # fmt: skip


def package_of(path: str) -> str:
    """Return the package that a module of site-packages is in."""
    return ".".join(path.split("/")[:-1])


def _by_top(modules: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Map top-level modules to the paths of those that import them."""
    found: dict[str, list[str]] = {}
    for path, data in modules:
        for top in _tops(data):
            found.setdefault(top, []).append(path)
    return found


def _tops(data: bytes) -> set[str]:
    found = set[str]()
    for one, several in _STATEMENT.findall(data):
        for name in several.split(b",") if several else [one]:
            found.add(name.strip().split(b" ")[0].partition(b".")[0].decode("ascii", "replace"))
    return found - {""}
