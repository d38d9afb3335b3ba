"""Whether a Node package can be replaced where it is in an image, and what runs there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pratique.model.inventory import Inventory
from pratique.patch.nodetrees import OF_DISTRIBUTION, Module, accepts, needs_of
from pratique.patch.npmpackages import Release
from pratique.patch.npmtarballs import own_files
from pratique.patch.root import Root

_STORES = ("/.pnpm/", "/.store/", "/.yarn/", "/.deno/", "/.bun/")


class Here:
    """What an image is, as far as it bears on packages."""

    def __init__(self, root: Root, inventory: Inventory) -> None:
        self._root, self._node = root, _node_version(inventory)

    def why_not(self, path: str, there: Module | None) -> str:
        """Return why what is in a folder cannot be replaced; empty if it can."""
        if f"{path}/".startswith(OF_DISTRIBUTION):
            return "it belongs to the distribution's own Node"
        if any(store in f"/{path}/" for store in _STORES):
            return "it is in a store of links (pnpm, yarn, Deno, Bun), which a build has to make"
        if there is None or not there.name:
            return "it is no package in a folder of node_modules"
        if there.manifest.get("name") != there.name:
            return "it is installed by another name"
        if self._root.resolve(f"{path}/x") != f"{path}/x":
            return "its folder is a link"
        return ""

    def is_compiled(self, path: str) -> bool:
        """Tell whether a package of the image has programs that were built or fetched for it."""
        return any(f.endswith(".node") or f == f"{path}/binding.gyp"
                   for f in own_files(path, self._root))  # fmt: skip

    def unfit(self, release: Release, before: Mapping[str, Any] | None) -> str:
        """Return why a release does not run here, where the one before does; empty if it does."""
        old = before or {}
        if before is not None and (release.os, release.cpu) != (old.get("os"), old.get("cpu")):
            return "is for another system"
        if before is None and (release.os or release.cpu):
            return "is for certain systems only"
        wanted = needs_of({"engines": release.engines}, "engines").get("node", "")
        was = needs_of(old, "engines").get("node", "")
        was_unfit = bool(was and not accepts(was, self._node))
        if self._node and wanted and not accepts(wanted, self._node) and not was_unfit:
            return f"needs Node {wanted}"
        return ""


def _node_version(inventory: Inventory) -> str:
    """Return the version of Node in an image as far as packages tell; empty if they do not."""
    for package in inventory.packages:
        if package.name in ("nodejs", "node", "nodejs-current") and package.type != "npm":
            version = package.version.partition(":")[2] or package.version
            numbers = version.partition("-")[0].partition("+")[0].partition("~")[0].split(".")
            if len(numbers) >= 3 and all(number.isdigit() for number in numbers[:3]):
                return ".".join(numbers[:3])
    return ""
