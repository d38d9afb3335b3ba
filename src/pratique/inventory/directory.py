"""Take the inventory of a directory: an unpacked root file system, or a project."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import BinaryIO

from msgspec.structs import replace

from pratique.codecs.glob import compiled
from pratique.codecs.osrelease import settle
from pratique.codecs.symlink import resolve
from pratique.errors import NotFound
from pratique.inventory import Analyzers
from pratique.inventory.layer import Reading
from pratique.inventory.modes import Modes
from pratique.inventory.squash import as_inventory, select, stack
from pratique.inventory.texts import HEAD
from pratique.inventory.tree import Tree
from pratique.inventory.wanted import Wanted, is_executable, is_text
from pratique.model.analyzer import Analyzer
from pratique.model.inventory import Distro, Inventory
from pratique.model.settings import Settings

_CHUNK = 1 << 18
_FIRST = 1 << 14  # most files are smaller, and of others it may be all that is read
_LARGE = 8 << 20
_NOT_ENTERED = frozenset({"proc", "sys", "dev"})  # of a root file system: no files of an image
_UNREADABLE = "cannot be read"
_NO_PROJECT = frozenset({".git", "node_modules", ".venv"})
Matches = Callable[[str], object]


def read_directory(path: str, analyzers: Analyzers, settings: Settings) -> Inventory:
    """Return what a directory holds, or a file alone; mounts like /proc are not entered.

    A symbolic link is followed only where an analyzer wants it, and inside the directory. A file
    that cannot be read is a problem. Raises NotFound where there is no such directory.
    """
    if not os.path.exists(path):
        raise NotFound(f"{path}: no such file or directory")
    path, only = (path, "") if os.path.isdir(path) else os.path.split(os.path.abspath(path))
    skipped = [compiled(glob.rstrip("/")) for glob in settings.skip_dirs]
    reading = Reading(analyzers.wanted, Tree(path).read)
    locked = analyzers.reads == "locked"
    found = _files(path, skipped, locked=locked, reading=reading)
    for name, entry in _alone(path, only) if only else found:
        if not locked:
            reading.seen(name)
        if entry.is_symlink():
            _follow(reading, analyzers, path, name)
        else:
            _read(reading, analyzers, name, entry)
    layers = [reading.done()]
    facts, files = stack(layers)
    if settings.skip_dirs or any(p.what.startswith(_UNREADABLE) for p in layers[0].problems):
        layers = []  # what was not looked at must not be taken for deleted
    inventory = as_inventory(facts, settle(select(Distro, facts)), files, layers)
    return without_layers(inventory)


def without_layers(inventory: Inventory) -> Inventory:
    """Return what a directory holds, which has no layers that its facts could be in."""
    return replace(
        inventory,
        packages=tuple(replace(p, introduced=-1, changed=-1) for p in inventory.packages),
        secrets=tuple(replace(s, layer=-1) for s in inventory.secrets),
        documents=tuple(replace(d, layer=-1) for d in inventory.documents),
        modes=tuple(replace(m, layer=-1) for m in inventory.modes),
        license_texts=tuple(replace(t, layer=-1) for t in inventory.license_texts),
        traces=tuple(replace(t, layer=-1) for t in inventory.traces),
    )


def _alone(root: str, name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(root) as entries:
        yield from ((entry.name, entry) for entry in entries if entry.name == name)


def _files(
    root: str, skipped: Sequence[Matches], *, locked: bool, reading: Reading
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every regular file and symbolic link below a folder, in the order of their names."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reading.problem(f"{_UNREADABLE}: {error.strerror}", folder or root)
            continue
        for entry in listed:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                left_out = entry.name in _NO_PROJECT if locked else name in _NOT_ENTERED
                if not left_out and not any(matches(name) for matches in skipped):
                    pending.append(name)
                    if reading.modes is not None:
                        _note(reading.modes, name, entry)
            elif entry.is_symlink():
                yield name, entry
            elif entry.is_file(follow_symlinks=False):
                reading.files += 1
                if reading.modes is not None:
                    _note(reading.modes, name, entry)
                yield name, entry


def _read(reading: Reading, analyzers: Analyzers, name: str, entry: os.DirEntry[str]) -> None:
    wanted = analyzers.wanted
    chosen = wanted.by(os.fsencode(name))
    try:
        status = entry.stat(follow_symlinks=False)
        if wanted.texts and status.st_size:
            _read_text(reading, wanted, name, entry, status, chosen)
            return
        if wanted.executables and status.st_mode & 0o111 and status.st_size >= 4096:
            with open(entry.path, "rb") as file:
                if is_executable(file.read(4)):
                    chosen += wanted.executables
        if chosen:
            reading.analyze(name, status.st_size, _chunks(entry.path), chosen)
    except OSError as error:
        reading.problem(f"{_UNREADABLE}: {error.strerror}", name)


def _read_text(
    reading: Reading,
    wanted: Wanted,
    name: str,
    entry: os.DirEntry[str],
    status: os.stat_result,
    chosen: tuple[Analyzer, ...],
) -> None:
    """Read a file, the start of which tells who wants it."""
    with open(entry.path, "rb", buffering=0) as file:
        head = file.read(_FIRST)
        is_program = status.st_mode & 0o111 and status.st_size >= 4096 and is_executable(head)
        if wanted.executables and is_program:
            chosen += wanted.executables
        if is_text(head[:HEAD], os.fsencode(name)):
            chosen += wanted.texts
        if chosen:
            pieces = chain((head,), iter(partial(file.read, _CHUNK), b""))
            size = max(status.st_size, len(head))
            reading.analyze(name, size, pieces, chosen, _opened(entry.path, size))


def _opened(path: str, size: int) -> BinaryIO | None:
    """Return a large file itself, so that it is not held in memory or copied."""
    return open(path, "rb") if size > _LARGE else None  # whoever reads it closes it


def _note(modes: Modes, name: str, entry: os.DirEntry[str]) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:  # who reads the file or the folder says so
        return
    directory = stat.S_ISDIR(status.st_mode)
    owner = status.st_uid, status.st_gid
    size = 0 if directory else status.st_size
    mode = stat.S_IMODE(status.st_mode)
    modes.note(os.fsencode(name), mode, owner, size, directory=directory)


def _follow(reading: Reading, analyzers: Analyzers, root: str, name: str) -> None:
    """Read what a wanted link leads to, where that is not read under its own name."""
    if not analyzers.wanted.by(os.fsencode(name)):
        return

    def link(path: str) -> str | None:
        try:
            return os.readlink(os.path.join(root, path))
        except OSError:
            return None

    target = resolve(name, link)
    if target and (left := analyzers.wanted.beyond(name, target)):
        path = os.path.join(root, target)
        try:
            status = os.stat(path, follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                reading.analyze(name, status.st_size, _chunks(path), left)
        except OSError as error:
            reading.problem(f"{_UNREADABLE}: {error.strerror}", name)


def _chunks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
