"""Weigh a base image that could take another's place: what it removes, and what else it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pratique.codecs.base_tags import ORDER, Candidate
from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.rewriting import manager_of, root_of
from pratique.errors import UsageError
from pratique.model.image import Image
from pratique.model.inventory import SYSTEM_TYPES, Inventory
from pratique.model.report import Report
from pratique.model.runtimes import Runtime, runtimes_in

_SHELLS = {"bash", "dash", "busybox", "busybox-binsh", "zsh", "toybox", "mksh"}
_MUSL = {"musl"}
_GLIBC = {"libc6", "glibc"}
_MANAGERS = {"apt-get": "apt", "apt": "apt", "apk": "apk-tools", "dnf": "dnf",
             "microdnf": "microdnf", "yum": "yum", "zypper": "zypper", "tdnf": "tdnf"}  # fmt: skip
_COMMAND = re.compile(rf"(?<![\w/.-])({'|'.join(_MANAGERS)})\s+(?:-\S+\s+)*[a-z]")
_STARTS = ("ENTRYPOINT", "CMD")
_SAFE = ("patch", "rebuilt")
"""What is taken where nothing is asked for."""


class Weighed(Struct, frozen=True):
    """A base image, and an image upon it."""

    candidate: Candidate
    reference: str
    image: Image
    """The base image itself."""
    after: Report
    """Of the image that is to be fixed, as it would be."""
    notes: tuple[str, ...]
    hinders: str
    """Why the Dockerfile would not build upon it; empty where nothing speaks against it."""


def chosen(found: Sequence[Candidate], asked: str) -> Candidate | None:
    """Return the candidate that is asked for by its kind or tag; what changes least without a word.

    Raises UsageError for a word that is neither.
    """
    if not asked:
        return next(iter(defaults(found)), None)
    named = next((one for one in found if asked in (one.kind, one.tag)), None)
    if named is None and asked in ORDER:
        there = ", ".join(f"{one.kind} ({one.tag})" for one in found) or "none"
        raise UsageError(f"--base {asked}: there is no such tag", f"candidates: {there}")
    return named or Candidate(asked, "asked for")


def defaults(found: Sequence[Candidate]) -> list[Candidate]:
    """Return what may be taken where nothing is asked for, what is tried first before."""
    return [one for kind in _SAFE for one in found if one.kind == kind]


def notes(before: Report, held: Report) -> Iterator[str]:
    """Yield what is another in a base image than in the present one."""
    old, new = before.inventory, held.inventory
    if old.distro and new.distro and _system(old) != _system(new):
        yield f"{_system(old)} -> {_system(new)}"
    if _has(new, _MUSL) and not _has(old, _MUSL):
        yield "musl in place of glibc: compiled programs and wheels are others"
    if _has(old, _MUSL) and _has(new, _GLIBC):
        yield "glibc in place of musl: compiled programs and wheels are others"
    if _has(old, _MUSL | _GLIBC) and not _has(new, _MUSL | _GLIBC):
        yield "no C library: only static programs run"
    yield from _runtimes(before, held)
    if _has(old, _SHELLS) and not _has(new, _SHELLS):
        yield "no shell"
    if manager_of(_names(old)) and not manager_of(_names(new)):
        yield "no package manager"
    users = [_user(one.image) for one in (before, held)]
    if users[1] != users[0] and users[1]:
        yield f"runs as {users[1]}"
    if held.lifecycle.ended:
        yield f"end of life since {held.lifecycle.date}"


def hinders(made: Build | None, held: Report) -> str:
    """Return why a Dockerfile does not build upon a base: commands that this one does not have."""
    if made is None:
        return ""
    names = set(_names(held.inventory))
    stages = [stage for stage in made.stages if root_of(made) in stage.lineage]
    runs = [one for stage in stages for one in stage.all("RUN")]
    if runs and names and not names & _SHELLS:
        return f"line {runs[0].start} runs a command, and it has no shell"
    for one in runs:
        text = "\n".join(made.parsed.lines[one.start - 1 : one.end])
        for command in _COMMAND.findall(text):
            if names and _MANAGERS[command] not in names:
                return f"line {one.start} runs {command}, which it does not have"
    return ""


def starting(made: Build | None, held: Report) -> Iterator[str]:
    """Yield what is started in another way upon a base that has no shell, or begins by itself."""
    if made is None:
        return
    names = set(_names(held.inventory))
    given = {name: one for stage in reversed(list(made.final.lineage)) for name in _STARTS
             for one in stage.all(name)}  # fmt: skip
    if names and not names & _SHELLS:
        for name, one in given.items():
            if not one.rest.lstrip().startswith("["):
                yield f"line {one.start}: {name} wants a shell: write it as a list"
    config = held.image.config.get("config") if held.image else None
    begins = config.get("Entrypoint") if isinstance(config, dict) else None
    if begins and isinstance(begins, list) and "ENTRYPOINT" not in given:
        yield f"it begins with {' '.join(map(str, begins))}: CMD is what comes after it"


def is_built_on(image: Image | None, base: Image) -> bool:
    """Tell whether an image's first layers are those of another."""
    if image is None or not base.layers:
        return False
    own = [layer.diff_id for layer in image.layers[: len(base.layers)]]
    return own == [layer.diff_id for layer in base.layers]


def _runtimes(before: Report, held: Report) -> Iterator[str]:
    today = before.created[:10]
    old, new = (_series(runtimes_in(one.inventory.packages, today)) for one in (before, held))
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            yield f"{name} {old[name]} -> {new[name]}"


def _series(runtimes: Iterable[Runtime]) -> dict[str, str]:
    return {one.name: ".".join(one.version.split(".")[:2]) for one in runtimes}


def _system(inventory: Inventory) -> str:
    distro = inventory.distro
    if distro is None:
        return "no distribution"
    parts = 2 if distro.id in ("alpine", "ubuntu") else 1
    return f"{distro.id} {'.'.join(distro.version.split('.')[:parts])}"


def _names(inventory: Inventory) -> Iterator[str]:
    return (one.name for one in inventory.packages if one.type in SYSTEM_TYPES)


def _has(inventory: Inventory, names: set[str]) -> bool:
    return not names.isdisjoint(_names(inventory))


def _user(image: Image | None) -> str:
    config = image.config.get("config") if image else None
    return str(config.get("User") or "") if isinstance(config, dict) else ""
