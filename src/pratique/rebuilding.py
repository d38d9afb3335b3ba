"""Plan what an image's Dockerfile must say so that its findings are gone after a build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.dockerfile.build import Build, build
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.rewriting import manager_of, retagged, root_of, upgrading
from pratique.codecs.edits import applied
from pratique.codecs.requirement import normalized
from pratique.codecs.tag_series import newest
from pratique.comparison import Changed
from pratique.errors import MalformedError
from pratique.model.check import Edit
from pratique.model.inventory import SYSTEM_TYPES, Inventory, Package
from pratique.model.report import Report
from pratique.model.upgrade import Upgrade
from pratique.upgrades import upgrades


class Base(Struct, frozen=True):
    """A base image that can be replaced by another tag of its series."""

    name: str
    old: str
    new: str
    digest: str = ""
    """Of the new one, where it is to be pinned."""

    @property
    def reference(self) -> str:
        return f"{self.name}:{self.new}"


def read(text: str, path: str) -> Build:
    """Return a Dockerfile; raises MalformedError with its path."""
    try:
        return build(parse(text))
    except MalformedError as error:
        raise MalformedError(error.reason, path) from error


def newer_base(
    made: Build, tags: Callable[[str], Iterable[str]], digest: Callable[[str], str] | None
) -> Base | None:
    """Return a newer tag of the base's series, or the same with a digest where there is none.

    `tags` and `digest` ask a registry by a reference; they raise SourceError.
    """
    base = root_of(made).base
    found = reference(base)
    if not found or not found.tag or found.tag == "latest" or "$" in base:
        return None
    new = newest(found.tag, tags(f"{found.name}:{found.tag}"), found.repository) or found.tag
    is_pinned = bool(found.digest)
    if new == found.tag and (is_pinned or digest is None):
        return None
    pin = digest(f"{found.name}:{new}") if digest and (new != found.tag or not is_pinned) else ""
    return Base(found.name, found.tag, new, pin)


def with_base(text: str, path: str, base: Base) -> str:
    """Return a Dockerfile with another tag; as it is where the tag is written nowhere."""
    return applied(text, retagged(read(text, path), base.old, base.new, base.digest))


def with_upgrades(text: str, path: str, report: Report) -> tuple[str, tuple[Upgrade, ...], str]:
    """Return a Dockerfile that upgrades the base's packages, which those are, and why not more.

    What later instructions install is new with a build that uses no cache, and is not named.
    """
    wanted = [u for u in upgrades(report) if u.level == "system" and _is_of_base(u, report)]
    if not wanted:
        return text, (), ""
    manager = manager_of(p.name for p in report.inventory.packages if p.type in SYSTEM_TYPES)
    if not manager:
        return (
            text,
            (),
            "the image has no package manager: a newer base or `pratique patch` does it",
        )
    names = sorted({name for upgrade in wanted for name in upgrade.packages})
    edit: Edit | None = upgrading(read(text, path), manager, names)
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


def rebased(inventory: Inventory, base: Inventory, layers: int) -> Inventory:
    """Return what an image will hold on a newer base."""
    own = tuple(p for p in inventory.packages if p.introduced >= layers)
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
