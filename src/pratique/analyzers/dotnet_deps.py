"""NuGet packages that a published .NET application brings along: its *.deps.json."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, object_lines
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_PACK = "runtimepack."
_KINDS = ("package", "project", "runtimepack")


class _Library(Struct, gc=False):
    type: str = ""


class _Asset(Struct, rename="camel"):
    dependencies: dict[str, str] = {}
    runtime: dict[str, object] = {}
    runtime_targets: dict[str, object] = {}
    native: dict[str, object] = {}


class _Target(Struct, frozen=True, gc=False):
    name: str = ""


class _Deps(Struct, rename="camel"):
    runtime_target: _Target = _Target()
    targets: dict[str, dict[str, _Asset]] = {}
    libraries: dict[str, _Library] = {}


_DEPS = Decoder(_Deps)


def _analyze(file: File) -> Iterator[Package]:
    """Read the runtime configuration file of .NET's host (dotnet/sdk, runtime-configuration-file).

    A package without a file for the runtime target was needed to compile only, and is left out.
    """
    data = file.read()
    deps = decode(data, _DEPS, file.path)
    lines = object_lines(data)
    target = deps.targets.get(deps.runtime_target.name)
    relations = _relations(deps, target or {})
    for key, library in deps.libraries.items():
        name, _, version = key.removeprefix(_PACK).partition("/")
        if name and version and library.type in _KINDS and _is_there(key, library, target):
            relation = relations.get(key, "indirect" if target and relations else "")
            line = lines.get(key, deque((0,)))[-1]
            yield Package(
                file.path, "dotnet-core", "nuget", name, version, relation=relation, line=line
            )


def _is_there(key: str, library: _Library, target: dict[str, _Asset] | None) -> bool:
    if target is None or library.type != "package":
        return True
    asset = target.get(key)
    return asset is None or bool(asset.runtime or asset.runtime_targets or asset.native)


def _relations(deps: _Deps, target: dict[str, _Asset]) -> dict[str, str]:
    """Tell the root (the one project that no other needs), the other projects, and its own needs.

    Empty where there are several such projects: then nothing can be said.
    """
    projects = {key for key, library in deps.libraries.items() if library.type == "project"}
    needed = {f"{n}/{v}" for key in projects for n, v in _needs(key, target)}
    roots = projects - needed
    if len(roots) != 1:
        return {}
    root = roots.pop()
    relations = {f"{name}/{version}": "direct" for name, version in _needs(root, target)}
    return relations | dict.fromkeys(projects, "workspace") | {root: "root"}


def _needs(key: str, target: dict[str, _Asset]) -> list[tuple[str, str]]:
    return list(target[key].dependencies.items()) if key in target else []


dotnet_deps = Analyzer("dotnet-core", 1, ("*.deps.json",), _analyze)
