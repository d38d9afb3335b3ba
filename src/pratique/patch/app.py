"""Patch the packages of an application: what its language's installer would put in their place.

Each language has its part; what has to be built stays, with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from pratique.comparison import Gone
from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.report import Report
from pratique.net import Client
from pratique.patch import appnode, apppython, environments, nodetrees
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Change, Order
from pratique.patch.root import Root


def wanted(path: str) -> bool:
    """Tell which files of an image have to be read."""
    return environments.wanted(path) or nodetrees.wanted(path)


def patch(
    root: Root, image: Image, report: Report, order: Order, client: Client, folder: str,
    floors: Mapping[str, str],
) -> Change:  # fmt: skip
    """Write a layer that removes findings of the application, as far as that needs no build.

    `floors` say which versions are too low, or have flaws of their own.
    """
    path = os.path.join(folder, "app.tar.gz")
    with LayerWriter(path, root, order.epoch) as layer:
        python = apppython.patch(image, report, order, client, folder, floors, layer)
        node = appnode.patch(report, order, client, floors, layer)
        written = layer.close()
    upgraded = (*python.upgraded, *node.upgraded)
    rest = [f for f in report.findings if f.fixed and f.package.type not in SYSTEM_TYPES
            and f.package.type != "pypi" and f.package.analyzer != "node-pkg"]  # fmt: skip
    notes = (*python.notes, *node.notes, *_notes(rest))
    stays = (*python.stays, *node.stays)
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
    """Return what is to be left behind because it would have flaws of its own."""
    return {**apppython.floors(new), **appnode.refused([one.finding for one in new])}
