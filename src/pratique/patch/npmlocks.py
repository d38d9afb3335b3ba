"""npm's lock files in an image, kept true.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from msgspec import DecodeError, Struct, json

from pratique.codecs.json_members import edited
from pratique.patch.layer import LayerWriter
from pratique.patch.nodetrees import accepts, needs_of
from pratique.patch.npmtarballs import bins_of
from pratique.patch.root import Root

_FIELDS = ("dependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta",
           "bin", "engines", "os", "cpu", "license", "funding", "hasInstallScript")  # fmt: skip
_DECLARED = ("dependencies", "optionalDependencies", "devDependencies")
_NPM = ("package-lock.json", "npm-shrinkwrap.json", "node_modules/.package-lock.json")
_OTHERS = ("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")
_FIRST = ("name", "version", "lockfileVersion", "resolved", "integrity", "requires", "packages",
          "dependencies")  # fmt: skip
_RANKS = {
    sign: number for number, sign in enumerate("_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789")
}
_STATE = ("dev", "optional", "devOptional", "peer")


class Put(Struct, frozen=True):
    """A package that went into a folder."""

    path: str
    name: str
    version: str
    url: str
    integrity: str
    manifest: Mapping[str, Any]
    wanted: str = ""
    """Of what is optional and not for this system: the range that a package asks for."""


Marks = Mapping[str, frozenset[str]]
"""By folder, what packages of a project are for, where that is not its running."""


class _Done(Struct):
    """What was done in a project."""

    puts: list[Put] = []
    gone: list[str] = []


def relock(
    done: Iterable[Put], gone: Iterable[str], pins: Mapping[str, Mapping[str, str]],
    marks_of: Callable[[str], Marks], root: Root, layer: LayerWriter,
) -> tuple[str, ...]:  # fmt: skip
    """Write the lock files that name what was put in or went; return notes on those that cannot be.

    `pins` are what projects ask for exactly now, which their package.json is to say as well.
    """
    for project, versions in sorted(pins.items()):
        path = f"{project}/package.json".lstrip("/")
        layer.write(path, _pinned(root.contents[path], versions))
    by_project: dict[str, _Done] = {}
    for one in done:
        by_project.setdefault(_base(one.path), _Done()).puts.append(one)
    for path in gone:
        by_project.setdefault(_base(path), _Done()).gone.append(path)
    notes = []
    for base, what in sorted(by_project.items()):
        for name in _NPM:
            path = f"{base}{name}"
            if (data := root.read(path)) is None:
                continue
            is_installed = name.startswith("node_modules/")
            there = [one for one in what.puts if not (is_installed and one.wanted)]
            done_here = _Done(there, what.gone)
            if text := _relocked(data, base, done_here, pins, marks_of(base.rstrip("/"))):
                layer.write(path, text)
            else:
                notes.append(f"/{path} cannot be read; it names the versions before")
        notes += [f"/{base}{name} names the versions before, its own tool has to make it anew"
                  for name in _OTHERS if f"{base}{name}" in root.nodes]  # fmt: skip
    return tuple(notes)


def _base(path: str) -> str:
    """Return the project that a package is installed in: empty, or its folder with a slash."""
    return path[: path.index("node_modules/")]


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
    data: bytes, base: str, what: _Done, pins: Mapping[str, Mapping[str, str]], marks: Marks
) -> bytes:
    try:
        lock = json.decode(data)
    except (DecodeError, RecursionError):
        return b""
    if not isinstance(lock, dict):
        return b""
    packages = lock.get("packages")
    for one in what.puts:
        _enter(lock, one.path.removeprefix(base), one)
    for path in what.gone:
        _forget(lock, path.removeprefix(base))
    for path, own in marks.items():
        _mark(lock, path.removeprefix(base), own)
    if isinstance(packages, dict):
        for project, versions in pins.items():
            _pin(packages.get(f"{project}/".removeprefix(base).rstrip("/")), versions)
    return _text(_ordered(lock), data)


def _enter(lock: dict[str, Any], place: str, one: Put) -> None:
    packages = lock.get("packages")
    if isinstance(packages, dict):
        parent = packages.get(place.rpartition("/node_modules/")[0])
        place = _place_of_absent(packages, place, one) if one.wanted else place
        if place:
            packages[place] = _entry(packages, place, one)
        if place and one.wanted:
            is_dev = isinstance(parent, dict) and parent.get("dev")
            _set(packages[place], {"optional", "dev"} if is_dev else {"optional"})
    if place and isinstance(lock.get("dependencies"), dict):
        _nest(lock, place, one)


def _entry(packages: Mapping[str, Any], place: str, one: Put) -> dict[str, Any]:
    """Return what a lock says of a package."""
    found = packages.get(place)
    before = found if isinstance(found, dict) else {}
    state = {key: before[key] for key in _STATE if key in before}
    with_url = "resolved" in before if before else _has_urls(packages)
    url = {"resolved": one.url} if with_url else {}
    fields = {key: one.manifest[key] for key in _FIELDS if one.manifest.get(key)}
    loose = needs_of(one.manifest, "optionalDependencies")
    if sure := {n: v for n, v in needs_of(one.manifest, "dependencies").items() if n not in loose}:
        fields["dependencies"] = sure
    else:
        fields.pop("dependencies", None)
    if "bin" in fields:
        fields["bin"] = bins_of(one.manifest)
    if isinstance(fields.get("funding"), str):
        fields["funding"] = {"url": fields["funding"]}
    return {"version": one.version, **url, "integrity": one.integrity, **state, **fields}


def _place_of_absent(packages: Mapping[str, Any], place: str, one: Put) -> str:
    """Return where a lock file is to have what is not installed; empty if it has it already."""
    folder = place
    while folder:
        folder = folder.rpartition("node_modules/")[0].rstrip("/")
        at = f"{folder}/node_modules/{one.name}".lstrip("/")
        entry = packages.get(at)
        if isinstance(entry, dict):
            if accepts(one.wanted, str(entry.get("version"))):
                return ""
            return at if _all_accept(packages, one) else place
    return f"node_modules/{one.name}"


def _all_accept(packages: Mapping[str, Any], one: Put) -> bool:
    entries = [entry for entry in packages.values() if isinstance(entry, dict)]
    kinds = ("dependencies", "optionalDependencies")
    asked = [needs_of(entry, kind).get(one.name) for entry in entries for kind in kinds]
    return all(accepts(written, one.version) for written in asked if written is not None)


def _has_urls(packages: Mapping[str, Any]) -> bool:
    """Tell whether a lock file says where packages come from; npm can be told to leave it out."""
    entries = [entry for entry in packages.values() if isinstance(entry, dict)]
    locked = [entry for entry in entries if "integrity" in entry]
    return not locked or any("resolved" in entry for entry in locked)


def _mark(lock: dict[str, Any], place: str, marks: frozenset[str]) -> None:
    """Say what a package is for, where that was not so before: what it was needed by may change."""
    packages = lock.get("packages")
    entry = packages.get(place) if isinstance(packages, dict) else None
    if isinstance(entry, dict):
        _set(entry, marks)
    here, name = _holder(lock, place)
    known = here.get("dependencies") if here else None
    old = known.get(name) if isinstance(known, dict) else None
    if isinstance(old, dict):
        _set(old, marks)


def _set(entry: dict[str, Any], marks: Collection[str]) -> None:
    for mark in _STATE:
        if mark in marks:
            entry[mark] = True
        else:
            entry.pop(mark, None)


def _forget(lock: dict[str, Any], place: str) -> None:
    """Take what is gone out of a lock file of any version."""
    packages = lock.get("packages")
    if isinstance(packages, dict):
        packages.pop(place, None)
    here, name = _holder(lock, place)
    known = here.get("dependencies") if here else None
    if isinstance(known, dict):
        known.pop(name, None)


def _holder(lock: dict[str, Any], place: str) -> tuple[dict[str, Any] | None, str]:
    """Return what holds the entry of a folder in lock files of version 1, and its name there."""
    names = place.removeprefix("node_modules/").split("/node_modules/")
    here = lock
    for name in names[:-1]:
        inner = here.get("dependencies")
        if not isinstance(inner, dict) or not isinstance(inner.get(name), dict):
            return None, names[-1]
        here = inner[name]
    return here, names[-1]


def _nest(lock: dict[str, Any], place: str, one: Put) -> None:
    """Set the entry of lock files of version 1, which npm 6 reads."""
    here, name = _holder(lock, place)
    if here is None:
        return
    known = here.setdefault("dependencies", {})
    before = known.get(name)
    before = before if isinstance(before, dict) else {}
    kinds = ("dependencies", "optionalDependencies")
    requires = {n: v for kind in kinds for n, v in needs_of(one.manifest, kind).items()}
    state = {key: here[key] for key in ("dev", "optional") if not before and key in here}
    entry = {
        **state,
        **before,
        "version": one.version,
        "resolved": one.url,
        "integrity": one.integrity,
    }
    entry.pop("requires", None)
    if requires:
        entry["requires"] = requires
    known[name] = entry


def _ordered(value: Any) -> Any:
    """Return a document in npm's order: what is simple first, some names first, then as words are
    in English, with signs before numbers and letters.
    """
    if not isinstance(value, dict):
        return value

    def key(name: str) -> tuple[bool, int, list[int], str]:
        first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
        word = [_RANKS.get(sign, ord(sign)) for sign in name.lower()]
        return isinstance(value[name], dict), first, word, name.swapcase()

    return {name: _ordered(value[name]) for name in sorted(value, key=key)}
