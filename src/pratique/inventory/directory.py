"""Take the inventory of a directory: an unpacked root file system, or a project."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec.structs import replace

from pratique.codecs.osrelease import settle
from pratique.errors import NotFound
from pratique.inventory import Analyzers
from pratique.inventory.layer import Reading
from pratique.inventory.squash import as_inventory, select, stack
from pratique.inventory.tree import Tree
from pratique.inventory.wanted import compiled, is_executable
from pratique.model.inventory import Distro, Inventory
from pratique.model.settings import Settings

_CHUNK = 1 << 18
_NOT_ENTERED = frozenset({"proc", "sys", "dev"})  # of a root file system: no files of an image
_NO_PROJECT = frozenset({".git", "node_modules", ".venv"})


def read_directory(path: str, analyzers: Analyzers, settings: Settings) -> Inventory:
    """Return what a directory holds; symbolic links are not followed, nor mounts like /proc.

    Raises NotFound where there is no such directory. A file that cannot be read is a problem.
    """
    if not os.path.isdir(path):
        raise NotFound(f"{path}: no such directory")
    skipped = [compiled(glob.rstrip("/")) for glob in settings.skip_dirs]
    reading = Reading(analyzers.wanted, Tree(path).read)
    locked = analyzers.reads == "locked"
    for name, entry in _files(path, "", locked=locked, reading=reading):
        if not any(matches(parent) for matches in skipped for parent in _parents(name)):
            _read(reading, analyzers, name, entry)
    facts, files = stack([reading.done()])
    inventory = as_inventory(facts, settle(select(Distro, facts)), files)
    packages = tuple(replace(p, introduced=-1, changed=-1) for p in inventory.packages)
    return replace(inventory, packages=packages)


def _files(
    root: str, folder: str, *, locked: bool, reading: Reading
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every regular file below a folder, in the order of their names."""
    pending = [folder]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reading.problem(f"cannot be read: {error.strerror}", folder or root)
            continue
        for entry in listed:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                left_out = entry.name in _NO_PROJECT if locked else name in _NOT_ENTERED
                if not left_out:
                    pending.append(name)
            elif entry.is_file(follow_symlinks=False):
                reading.files += 1
                yield name, entry


def _read(reading: Reading, analyzers: Analyzers, name: str, entry: os.DirEntry[str]) -> None:
    wanted = analyzers.wanted
    chosen = wanted.by(os.fsencode(name))
    try:
        status = entry.stat(follow_symlinks=False)
        if wanted.executables and status.st_mode & 0o111 and status.st_size >= 4096:
            with open(entry.path, "rb") as file:
                if is_executable(file.read(4)):
                    chosen += wanted.executables
        if chosen:
            reading.analyze(name, status.st_size, _chunks(entry.path), chosen)
    except OSError as error:
        reading.problem(f"cannot be read: {error.strerror}", name)


def _chunks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _parents(name: str) -> Iterator[str]:
    at = name.rfind("/")
    while at > 0:
        yield name[:at]
        at = name.rfind("/", 0, at)
