"""Go modules that a project requires: go.mod, go.sum beside an old one, vendor/modules.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.gomod import Line, cached, lines, needs
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_NUMBER = re.compile(r"\d{1,9}")
_MOST = 2000  # modules whose own needs are looked up


def _analyze(file: File) -> Iterator[Package]:
    """Read a go.mod file (go.dev/ref/mod#go-mod-file).

    Before Go 1.17 a go.mod does not name every indirect module; those come from the vendor folder
    or from go.sum beside it, where the newest version that is listed counts. The toolchain line
    is a lower bound, so that no `stdlib` is derived from it; a binary says what it was built
    with. Exclusions change what the go command selects before it writes go.mod, not what is
    written.
    """
    if _is_vendored(file):
        return
    found = list(lines(file.read().decode("utf-8", "replace")))
    packages: list[Package] = []
    try:
        packages += _packages(file, found)
        packages += _others(file, found)
    finally:  # what came before an error counts
        yield from _with_needs(file, packages)
    if not all(len(line.words) == 2 for line in found if line.verb == "require") or not any(
        line.verb == "module" and line.words for line in found
    ):
        raise MalformedError("go.mod without a module, or with a requirement cut short", file.path)


def _packages(file: File, found: list[Line]) -> Iterator[Package]:
    replaced = _replacements(found)
    for line in found:
        if line.verb == "module" and line.words:
            yield _package(file.path, line, line.words[0], "", "root")
        elif line.verb == "require":
            yield from _required(file.path, line, replaced)


def _with_needs(file: File, packages: list[Package]) -> Iterator[Package]:
    """Yield packages with what they need, as far as Go's cache on this machine has their go.mod.

    The version that the project has of a module counts, not the one that another asks for.
    """
    ids = {package.name: f"{package.name}@{package.version}" for package in packages}
    direct = tuple(sorted(ids[p.name] for p in packages if p.relation == "direct"))
    for number, package in enumerate(packages):
        depends = direct if package.relation == "root" else ()
        if package.version and number < _MOST:
            data = file.other(cached(package.name, package.version))
            names = set(needs(data)) if data else set()
            depends = tuple(sorted(ids[name] for name in names if name in ids))
        yield replace(package, depends=depends) if depends else package


def _is_vendored(file: File) -> bool:
    """Tell a go.mod that came along with a module's code: the project's own rules over it."""
    at = f"/{file.path}".rfind("/vendor/")
    return at >= 0 and file.other(f"{file.path[:at]}vendor/modules.txt") is not None


def _is_complete(found: list[Line]) -> bool:
    """Tell whether a go.mod names every module: since Go 1.17 (go.dev/ref/mod#go-mod-file-go)."""
    go = next((line.words[0] for line in found if line.verb == "go" and line.words), "1.16")
    return tuple(int(part) for part in _NUMBER.findall(go)[:2]) >= (1, 17)


def _others(file: File, found: list[Line]) -> Iterator[Package]:
    """Yield the modules that only other files name."""
    if _is_complete(found):
        return
    required = {line.words[0] for line in found if line.verb == "require" and line.words}
    folder = file.path.rpartition("/")[0]
    beside = f"{folder}/" if folder else ""
    if vendored := file.other(f"{beside}vendor/modules.txt"):
        versions = {module.name: module.version for module in _vendored(vendored)}
    elif listed := file.other(f"{beside}go.sum"):
        versions = dict(_summed(listed))
    elif required:
        raise MalformedError("indirect modules are not known, there is no go.sum", file.path)
    else:
        return
    own = {line.words[0] for line in found if line.verb == "module" and line.words}
    for name in sorted(versions.keys() - required - own):
        module = Line(0, "", [name, versions[name]], "// indirect")
        yield from _required(file.path, module, _replacements(found))


def _summed(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the modules whose content go.sum has a hash of; it is sorted, so the newest is last."""
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) == 3 and not words[1].endswith("/go.mod"):
            yield words[0], words[1]


class _Module(Struct, gc=False):
    name: str
    version: str
    relation: str
    line: int


def _vendored(data: bytes) -> Iterator[_Module]:
    """Read vendor/modules.txt (go.dev/ref/mod#go-mod-vendor); folders in place are left out."""
    module: _Module | None = None
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        mark, *words = line.split() or [""]
        if mark == "##" and module and "explicit" in line.replace(";", " ").split():
            module.relation = "direct"
        elif mark == "#" and words:
            if module:
                yield module
            old, _, new = " ".join(words).partition(" => ")
            name, version = (*(new or old).split(), "", "")[:2]
            # a bare `# a => b v2` at the end repeats what replaces any version of a module
            is_module = version and (not new or len(old.split()) == 2)
            module = _Module(name, version, "indirect", number) if is_module else None
    if module:
        yield module


def _analyze_vendor(file: File) -> Iterator[Package]:
    """Read what a project carries along; where its go.mod is beside, that is read instead."""
    if file.other(f"{file.path.removesuffix('vendor/modules.txt')}go.mod") is not None:
        return
    for module in _vendored(file.read()):
        yield Package(file.path, "gomod", "golang", module.name, module.version,
                      relation=module.relation, line=module.line)  # fmt: skip


_Replacements = dict[tuple[str, str], tuple[str, str]]


def _required(path: str, line: Line, replaced: _Replacements) -> Iterator[Package]:
    if len(line.words) != 2:
        return
    name, version = line.words
    new = replaced.get((name, version)) or replaced.get((name, "")) or (name, version)
    if new[1]:
        relation = "indirect" if line.is_indirect else "direct"
        yield _package(path, line, *new, relation)


def _package(path: str, line: Line, name: str, version: str, relation: str) -> Package:
    return Package(path, "gomod", "golang", name, version, relation=relation, line=line.number)


def _replacements(found: list[Line]) -> _Replacements:
    """Map module and version, or any version as empty, to what stands in for it.

    A replacement without a version is a folder: the module's released code is not used then.
    """
    replaced: _Replacements = {}
    for line in found:
        if line.verb == "replace" and "=>" in line.words:
            arrow = line.words.index("=>")
            old, new = line.words[:arrow], line.words[arrow + 1 :]
            if old and new:
                replaced[old[0], (*old, "")[1]] = new[0], (*new, "")[1]
    return replaced


go_mod = Analyzer("gomod", 2, ("go.mod",), _analyze, reads="locked")
go_vendor = Analyzer("go-vendor", 1, ("vendor/modules.txt",), _analyze_vendor, reads="locked")
