"""Patch the packages of an application: what its language's installer would put in their place.

Each language has its part; what has to be built stays, with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from pratique.comparison import Gone
from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.report import Report
from pratique.model.source import Source
from pratique.net import Client
from pratique.patch import appjava, appnode, apppython, environments, nodetrees
from pratique.patch.apppart import Task
from pratique.patch.imagefiles import ImageFiles
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Change, Order
from pratique.patch.pythonlinks import Sources
from pratique.patch.root import read_root

_PATCHED = ("node-pkg", "jar")
"""Analyzers whose packages are patched, besides those of Python."""


def wanted(path: str) -> bool:
    """Tell which files of an image have to be read."""
    return environments.wanted(path) or nodetrees.wanted(path)


@contextmanager
def task(
    image: Image, source: Source, report: Report, order: Order, client: Client, folder: str
) -> Iterator[Task]:
    """Give what is to be patched; its files are read where they are needed, and closed."""
    root = read_root(image, source, wanted)
    with closing(ImageFiles(image, source, root, folder)) as files:
        yield Task(root, image, files, Sources(files), report, order, client, folder)


def patch(task: Task) -> Change:
    """Write a layer that removes findings of the application, as far as that needs no build."""
    report, order, floors = task.report, task.order, task.floors
    path = os.path.join(task.folder, "app.tar.gz")
    with LayerWriter(path, task.root, order.epoch) as layer:
        python = apppython.patch(task, layer)
        node = appnode.patch(report, order, task.client, floors, layer)
        java = appjava.patch(task, layer)
        written = layer.close()
    parts = (python, node, java)
    upgraded = tuple(one for part in parts for one in part.upgraded)
    rest = [f for f in report.findings if f.fixed and f.package.type not in SYSTEM_TYPES
            and f.package.type != "pypi" and f.package.analyzer not in _PATCHED]  # fmt: skip
    unread = (f"{task.files.unread}: what uses them is not checked",) if task.files.unread else ()
    notes = (*unread, *(note for part in parts for note in part.notes), *_notes(rest))
    stays = tuple(one for part in parts for one in part.stays)
    return Change(upgraded, stays, notes, written if upgraded else None)


def _notes(others: Sequence[Finding]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for finding in others:
        counts[finding.package.type] = counts.get(finding.package.type, 0) + 1
    return tuple(
        f"{count} findings of {kind} packages need a new build"
        for kind, count in sorted(counts.items())
    )


def floors(new: Sequence[Gone]) -> dict[str, str]:
    """Return what is to be left behind because it would have flaws of its own: the least versions
    of Python's packages; of others each version, by a word without meaning.
    """
    packages = (one.finding.package for one in new)
    refused = {f"{p.type}:{p.name}@{p.version}": "" for p in packages if p.analyzer in _PATCHED}
    return {**apppython.floors(new), **refused}
