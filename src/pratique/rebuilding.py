"""Plan what an image's Dockerfile must say so that its findings are gone after a build."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from pratique.codecs.dockerfile.build import Build, build
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.rewriting import manager_of, replaced, retagged, upgrading
from pratique.codecs.edits import applied
from pratique.codecs.reference import Reference
from pratique.codecs.requirement import normalized
from pratique.comparison import Changed
from pratique.errors import MalformedError
from pratique.model.check import Edit
from pratique.model.inventory import SYSTEM_TYPES, Distro, Inventory, Package
from pratique.model.report import Report
from pratique.model.upgrade import Upgrade
from pratique.upgrades import upgrades


def read(text: str, path: str) -> Build:
    """Return a Dockerfile; raises MalformedError with its path."""
    try:
        return build(parse(text))
    except MalformedError as error:
        raise MalformedError(error.reason, path) from error


def with_base(text: str, path: str, old: Reference, new: str, pin: str) -> str:
    """Return a Dockerfile with another base; as it is where the old one is written nowhere.

    `new` is a reference with a tag, `pin` its digest if that is to be written.
    """
    name, _, tag = new.rpartition(":")
    made = read(text, path)
    if name == old.name:
        return applied(text, retagged(made, old.tag, tag, pin))
    return applied(text, replaced(made, f"{old.name}:{old.tag}", new, pin))


def with_upgrades(
    made: Build | None, text: str, report: Report
) -> tuple[str, tuple[Upgrade, ...], str]:
    """Return a Dockerfile that upgrades the base's packages, which those are, and why not more.

    What later instructions install is new with a build that uses no cache, and is not named.
    """
    wanted = [u for u in upgrades(report) if u.level == "system" and _is_of_base(u, report)]
    if not wanted:
        return text, (), ""
    if made is None:
        return text, tuple(wanted), "`pratique patch` replaces them in the image, without a build"
    manager = manager_of(p.name for p in report.inventory.packages if p.type in SYSTEM_TYPES)
    if not manager:
        return (
            text,
            (),
            "the image has no package manager: a newer base or `pratique patch` does it",
        )
    names = sorted({name for upgrade in wanted for name in upgrade.packages})
    config = report.image.config.get("config") if report.image else None
    user = str(config.get("User") or "") if isinstance(config, dict) else ""
    if not re.fullmatch(r"[\w.-]+(?::[\w.-]+)?", user):  # what an image says is no instruction
        user = ""
    edit: Edit | None = upgrading(made, manager, names, user)
    if edit is None:
        return text, tuple(wanted), "the Dockerfile upgrades them: build it again without a cache"
    return applied(text, [edit]), tuple(wanted), ""


def _is_of_base(upgrade: Upgrade, report: Report) -> bool:
    """Tell whether a package comes with the base image, as far as that is known."""
    layers = report.base.layers or 1 + max(
        (n for n, origin in report.origins.items() if origin.instruction == "FROM"), default=-1
    )
    placed = [finding.package.introduced for finding in upgrade.removes]
    return not layers or any(layer < layers for layer in placed)


def upgraded(inventory: Inventory, done: Sequence[Upgrade]) -> Inventory:
    """Return what an image will hold once packages of its distribution are upgraded."""
    to = {(u.type, name): u.to for u in done for name in u.packages}

    def new(package: Package) -> Package:
        version = to.get((package.type, package.name))
        return replace(package, version=version, source_version=version) if version else package

    return replace(inventory, packages=tuple(map(new, inventory.packages)))


def installed_upon(report: Report, base: Inventory, layers: int) -> frozenset[Package]:
    """Return what later layers installed of a distribution of which the new base is none, or is
    another release: which versions they will get is not known.
    """
    old, new = report.inventory.distro, base.distro
    if old and new and (old.id, _release(old)) == (new.id, _release(new)):
        return frozenset()
    return frozenset(
        package for package in report.inventory.packages
        if package.introduced >= layers and package.type in SYSTEM_TYPES
    )  # fmt: skip


def _release(distro: Distro) -> list[str]:
    return distro.version.split(".")[: 2 if distro.id in ("alpine", "ubuntu") else 1]


def rebased(
    inventory: Inventory, base: Inventory, layers: int, without: frozenset[Package] = frozenset()
) -> Inventory:
    """Return what an image will hold on a newer base, but for some packages."""
    own = tuple(p for p in inventory.packages if p.introduced >= layers and p not in without)
    return replace(base, packages=(*base.packages, *own))


def relocked(inventory: Inventory, changes: Sequence[Changed]) -> Inventory:
    """Return what an image will hold once its project's dependencies are other versions."""
    to: dict[tuple[str, str, str], str] = {}
    for one in changes:
        if len(one.after) == 1:
            to |= {(*_name(one.package), version): one.after[0] for version in one.before}

    def new(package: Package) -> Package:
        version = to.get((*_name(package), package.version))
        return replace(package, version=version) if version else package

    return replace(inventory, packages=tuple(map(new, inventory.packages)))


def _name(package: Package) -> tuple[str, str]:
    is_python = package.type == "pypi"
    return package.type, normalized(package.name) if is_python else package.name
