"""npm's lock files in an image, kept true.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import DecodeError, Struct, json

from pratique.codecs.json_members import edited
from pratique.patch.layer import LayerWriter
from pratique.patch.root import Root

_FIELDS = ("dependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta",
           "bin", "engines", "os", "cpu", "license", "funding")  # fmt: skip
_DECLARED = ("dependencies", "optionalDependencies", "devDependencies")
_STATE = ("dev", "optional", "devOptional", "peer")


class Put(Struct, frozen=True):
    """A package that went into a folder."""

    path: str
    name: str
    version: str
    url: str
    integrity: str
    manifest: Mapping[str, Any]


def relock(
    done: Iterable[Put], pins: Mapping[str, Mapping[str, str]], root: Root, layer: LayerWriter
) -> tuple[str, ...]:
    """Write the lock files that name what was put in; return notes on those that cannot be.

    `pins` are what projects ask for exactly now, which their package.json is to say as well.
    """
    for project, versions in sorted(pins.items()):
        path = f"{project}/package.json".lstrip("/")
        layer.write(path, _pinned(root.contents[path], versions))
    by_project: dict[str, list[Put]] = {}
    for one in done:
        project = one.path.partition("node_modules/")[0].rstrip("/")
        by_project.setdefault(project, []).append(one)
    notes = []
    for project, puts in sorted(by_project.items()):
        base = f"{project}/" if project else ""
        for name in ("package-lock.json", "npm-shrinkwrap.json", "node_modules/.package-lock.json"):
            path = f"{base}{name}"
            if (data := root.read(path)) is None:
                continue
            if text := _relocked(data, base, puts, pins):
                layer.write(path, text)
            else:
                notes.append(f"/{path} cannot be read; it names the versions before")
        others = (f"{base}{name}" for name in ("yarn.lock", "pnpm-lock.yaml"))
        notes += [f"/{path} names the versions before" for path in others if path in root.nodes]
    return tuple(notes)


def _pinned(data: bytes, versions: Mapping[str, str]) -> bytes:
    """Return a package.json with exact versions in the place of others; the rest as it was."""

    def edit(text: str) -> str:
        for name, version in versions.items():
            member = re.compile(rf'("{re.escape(name)}"\s*:\s*")[^"]*(?=")')
            text = member.sub(rf"\g<1>{version}", text)
        return text

    return edited(data.decode("utf-8", "surrogateescape"), _DECLARED, edit).encode(
        "utf-8", "surrogateescape"
    )


def _pin(manifest: object, versions: Mapping[str, str]) -> None:
    if not isinstance(manifest, dict):
        return
    for kind in _DECLARED:
        needs = manifest.get(kind)
        if isinstance(needs, dict):
            needs |= {name: version for name, version in versions.items() if name in needs}


def _text(document: object, before: bytes) -> bytes:
    """Return a document as npm writes it, indented as it was."""
    indent = re.match(rb"\{\r?\n([ \t]+)", before)
    width = len(indent[1]) if indent and b"\t" not in indent[1] else 2
    return json.format(json.encode(document), indent=width) + b"\n"


def _relocked(
    data: bytes, base: str, puts: Iterable[Put], pins: Mapping[str, Mapping[str, str]]
) -> bytes:
    try:
        lock = json.decode(data)
    except (DecodeError, RecursionError):
        return b""
    if not isinstance(lock, dict):
        return b""
    for one in puts:
        place = one.path.removeprefix(base)
        packages = lock.get("packages")
        if isinstance(packages, dict):
            before = packages.get(place)
            packages[place] = _entry(before if isinstance(before, dict) else {}, one)
        if isinstance(lock.get("dependencies"), dict):
            _nest(lock, place, one)
    packages = lock.get("packages")
    if isinstance(packages, dict):
        for project, versions in pins.items():
            _pin(packages.get(f"{project}/".removeprefix(base).rstrip("/")), versions)
        lock["packages"] = dict(sorted(packages.items()))
    return _text(lock, data)


def _entry(before: Mapping[str, Any], one: Put) -> dict[str, Any]:
    """Return what a lock says of a package; whether that is for development stays."""
    state = {key: before[key] for key in _STATE if key in before}
    url = {} if before and "resolved" not in before else {"resolved": one.url}
    fields = {key: one.manifest[key] for key in _FIELDS if one.manifest.get(key)}
    return {"version": one.version, **url, "integrity": one.integrity, **state, **fields}


def _nest(lock: dict[str, Any], place: str, one: Put) -> None:
    """Set the entry of lock files of version 1, which npm 6 reads."""
    names = place.removeprefix("node_modules/").split("/node_modules/")
    here = lock
    for name in names[:-1]:
        inner = here.get("dependencies")
        if not isinstance(inner, dict) or not isinstance(inner.get(name), dict):
            return
        here = inner[name]
    known = here.setdefault("dependencies", {})
    before = known.get(names[-1])
    before = before if isinstance(before, dict) else {}
    requires = one.manifest.get("dependencies")
    entry = {**before, "version": one.version, "resolved": one.url, "integrity": one.integrity}
    entry.pop("requires", None)
    if requires:
        entry["requires"] = requires
    known[names[-1]] = entry
