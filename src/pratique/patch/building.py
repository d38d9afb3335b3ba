"""Patch by a real build: the distribution's own program upgrades what has fixes, in an engine.

For images whose packages need their scripts to run, or whose database cannot be written here. What
was built upon the image becomes its new layer; what else the engine changed is not taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from pratique.builders import builder
from pratique.codecs.dockerfile.rewriting import command_of, manager_of
from pratique.errors import PratiqueError, UsageError
from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.inventory import SYSTEM_TYPES, Inventory
from pratique.model.source import Source
from pratique.patch.layer import Written, packed
from pratique.patch.model import Change, Order, Stays, Upgraded
from pratique.patch.publish import write_archive
from pratique.sources.archive import Archive

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*")
_REST = {"apt-get": " /var/cache/apt/*.bin"}
"""What else is not to stay in the layer: an image without Docker's settings keeps it."""
_BASE = "localhost/pratique-base:patch"


def build(
    image: Image, source: Source, inventory: Inventory, findings: Sequence[Finding],
    order: Order, folder: str,
) -> Change:  # fmt: skip
    """Return the layer that an engine makes; raises PratiqueError where the build fails."""
    names = sorted({f.package.name for f in findings if f.fixed and f.package.type in SYSTEM_TYPES})
    if not names:
        return Change((), ())
    if odd := next((name for name in names if not _NAME.fullmatch(name)), ""):
        raise UsageError(f"{odd!r} is no name that a program is given")
    manager = manager_of(p.name for p in inventory.packages if p.type in SYSTEM_TYPES)
    if not manager:
        raise UsageError("the image has no package manager that a build could run",
                         "without --builder it needs none")  # fmt: skip
    base, made = os.path.join(folder, "base.tar"), os.path.join(folder, "made.tar")
    write_archive(image, source, _BASE, base)
    context = os.path.join(folder, "context")
    os.mkdir(context)
    config = image.config.get("config")
    user = str(config.get("User") or "") if isinstance(config, dict) else ""
    lines = [
        f"FROM {_BASE}",
        "USER root",
        f"RUN {command_of(manager, names)}{_REST.get(manager, '')}",
    ]
    with open(os.path.join(context, "Dockerfile"), "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, *([f"USER {user}"] if user else [])]) + "\n")
    with builder(order.engine) as engine:
        engine.load(base)
        engine.build(context, os.path.join(context, "Dockerfile"), made, pull=False)
    layer = _layer(image, made, os.path.join(folder, "layer.tar.gz"))
    return Change((), (), (f"built by {order.engine}: {manager} decided what to upgrade",), layer)


def staying(findings: Sequence[Finding], done: Sequence[Upgraded]) -> tuple[Stays, ...]:
    """Return the packages with fixes that the build left as they were."""
    moved = {one.name for one in done}
    flawed = (f.package for f in findings if f.fixed and f.package.type in SYSTEM_TYPES)
    left = {package.name: package.version for package in flawed if package.name not in moved}
    why = "the image's repositories have nothing newer"
    return tuple(Stays(name, version, why) for name, version in sorted(left.items()))


def upgraded(before: Inventory, after: Inventory) -> tuple[Upgraded, ...]:
    """Return which packages of the distribution are others than they were."""
    old = {(p.name, p.arch): p.version for p in before.packages if p.type in SYSTEM_TYPES}
    new = {(p.name, p.arch): p.version for p in after.packages if p.type in SYSTEM_TYPES}
    return tuple(
        Upgraded(name, arch, old.get((name, arch), ""), version)
        for (name, arch), version in sorted(new.items()) if old.get((name, arch)) != version
    )  # fmt: skip


def _layer(image: Image, path: str, to: str) -> Written:
    """Return what a build put upon an image, as one layer of ours."""
    source = Archive(path)
    try:
        [built] = source.images("all")
        own = [layer.diff_id for layer in image.layers]
        if [layer.diff_id for layer in built.layers[: len(own)]] != own:
            raise PratiqueError("the engine made other layers of the image's own: nothing is taken")
        upon = built.layers[len(own) :]
        if len(upon) != 1:
            raise PratiqueError(f"the engine made {len(upon)} layers where one was asked for")

        def chunks() -> Iterator[bytes]:
            yield from source.open(upon[0])

        return packed(chunks(), to)
    finally:
        source.close()
