"""Answer which paths of stacked layers are visible from above, and which layer wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pratique.codecs.symlink import resolve
from pratique.inventory.layer import LayerFacts

_SYSTEM = (b"usr/", b"bin/", b"sbin/", b"lib", b"opt/")
_NOT_SYSTEM = (b"usr/local/", b"usr/share/doc/", b"usr/share/man/", b"usr/share/locale/")
_MERGED = ("usr/bin/", "usr/sbin/", "usr/lib")


class Visible:
    """The paths of all layers; none is kept apart, so that a large image costs little memory."""

    def __init__(self, layers: Sequence[LayerFacts]) -> None:
        self._layers = layers
        self._folders = {path: to for layer in layers for path, to in layer.folders}
        self._real_folders: dict[str, str] = {}

    def of(self, paths: Iterable[str]) -> set[str]:
        """Return those of some paths that are there, under their name or through a folder's link.

        One pass over the layers, from the top: where a path is met first decides.
        """
        wanted = set(paths)
        found = set(self.layers_of(wanted))
        others = {real: path for path in wanted - found if (real := self._real(path)) != path}
        return found | {others[name] for name in self.layers_of(set(others))}

    def layers_of(self, paths: set[str]) -> dict[str, int]:
        """Map those of some paths that are there, under just this name, to the topmost layer."""
        pending = {path.encode("utf-8", "surrogateescape") for path in paths}
        found: dict[str, int] = {}
        hidden: set[str] = set()
        opaque: set[str] = set()
        for index in range(len(self._layers) - 1, -1, -1):
            if not pending:
                break
            layer = self._layers[index]
            here = pending.intersection(layer.paths.split(b"\n"))
            pending -= here
            names = (name.decode("utf-8", "surrogateescape") for name in here)
            found |= {name: index for name in names if not _is_hidden(name, hidden, opaque)}
            hidden.update(layer.removed)
            opaque.update(layer.opaque)
        return found

    def written_again(self) -> dict[str, int]:
        """Map paths in a system's folders that a layer above the first wrote to the last such."""
        written: dict[str, int] = {}
        for index, layer in enumerate(self._layers):
            if index:
                for path in layer.paths.split(b"\n"):
                    if path.startswith(_SYSTEM) and not path.startswith(_NOT_SYSTEM):
                        name = path.decode("utf-8", "replace")
                        written[name] = index
                        if name.startswith(_MERGED):
                            written[name[4:]] = index
        return written

    def was_in(self, path: str, top: int) -> bool:
        """Tell whether a layer up to one, by its index, has a path."""
        name = path.encode("utf-8", "surrogateescape")
        return any(
            name in layer.paths and name in layer.paths.split(b"\n")
            for layer in self._layers[: top + 1]
        )

    def _real(self, path: str) -> str:
        """Return a path with the links of folders resolved: `bin/sh` is `usr/bin/sh`."""
        folder, slash, name = path.rpartition("/")
        real = self._real_folders.get(folder)
        if real is None:
            real = resolve(folder, self._folders.get) or folder
            self._real_folders[folder] = real
        return f"{real}{slash}{name}"


def _is_hidden(path: str, hidden: set[str], opaque: set[str]) -> bool:
    if not hidden and not opaque:
        return False
    if path in hidden or "" in opaque:
        return True
    at = path.rfind("/")
    while at > 0:
        if path[:at] in hidden or path[:at] in opaque:
            return True
        at = path.rfind("/", 0, at)
    return False
