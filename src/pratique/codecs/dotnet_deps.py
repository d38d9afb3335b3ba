"""Read what .NET writes beside a published application, or in it: its deps.json."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, object_lines
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


def read_deps(data: bytes, path: str, inner: str = "") -> Iterator[Package]:
    """Read the runtime configuration file of .NET's host (dotnet/sdk, runtime-configuration-file).

    A package without a file for the runtime target was needed to compile only, and is left out.
    """
    deps = decode(data, _DEPS, path)
    lines = object_lines(data)
    target = deps.targets.get(deps.runtime_target.name)
    relations = _relations(deps, target or {})
    shown = {k for k, library in deps.libraries.items() if _is_shown(k, library, target)}
    for key in deps.libraries:
        name, _, version = key.removeprefix(_PACK).partition("/")
        if key in shown and name and version:
            needs = shown.intersection(f"{n}/{v}" for n, v in _needs(key, target or {}))
            yield Package(
                path, "dotnet-core", "nuget", name, version, inner=inner,
                relation=relations.get(key, "indirect" if target and relations else ""),
                line=0 if inner else lines.get(key, deque((0,)))[-1],
                depends=tuple(sorted(n.removeprefix(_PACK).replace("/", "@") for n in needs)),
            )  # fmt: skip


def _is_shown(key: str, library: _Library, target: dict[str, _Asset] | None) -> bool:
    if target is None or library.type != "package":
        return library.type in _KINDS
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
