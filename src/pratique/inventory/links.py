"""Follow symbolic links that analyzers want to files that nobody wants under their own names.

`/etc/os-release` may lead to any name: `/nix/store/…-etc-os-release`. A layer is walked once,
forward, so that this is known only after the walk; the layer with the target is then read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from pratique.codecs.symlink import resolve
from pratique.inventory.layer import LayerFacts
from pratique.inventory.visible import Visible
from pratique.inventory.wanted import Wanted
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import LAYERED, Fact, Package, Problem

_MOST_LINKS = 1000
_ROUNDS = 4  # a link may lead to a link, and each look costs another reading

Again = Callable[[int, Wanted], LayerFacts]
"""Reads a layer, by its index, a second time."""
_Due = tuple[str, str, tuple[Analyzer, ...]]


class _Analyzers(Protocol):
    @property
    def wanted(self) -> Wanted: ...


def followed(
    layers: Sequence[LayerFacts], analyzers: _Analyzers, again: Again
) -> list[Fact | Problem]:
    """Return the facts behind links that analyzers want, each as read from the link's path.

    Links are followed inside the image, through other links too; of more than 1,000 the others
    are a problem.
    """
    if not any(layer.links for layer in layers):
        return []
    facts: list[Fact | Problem] = []
    links = {path: to for layer in layers for path, to in (*layer.folders, *layer.links)}
    starts = list(dict.fromkeys(path for layer in layers for path, _ in layer.links))
    if len(starts) > _MOST_LINKS:
        facts.append(Problem(f"{len(starts) - _MOST_LINKS} symbolic links are not followed"))
    done: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        found = _unread(starts[:_MOST_LINKS], links, analyzers.wanted)
        due = [entry for entry in found if entry[:2] not in done]
        done.update(entry[:2] for entry in due)
        for index, here in _by_layer(due, layers).items():
            reread = again(index, _chosen(here))
            links.update(reread.links)
            facts += (_placed(fact, index) for fact in reread.facts)
            targets = {target for _, target, _ in here}
            facts += (replace(p, layer=index) for p in reread.problems if p.where in targets)
        if not due:
            break
    return facts


def _unread(starts: Sequence[str], links: dict[str, str], wanted: Wanted) -> Iterator[_Due]:
    for path in starts:
        target = resolve(path, links.get)
        if target and target != path and (left := wanted.beyond(path, target)):
            yield path, target, left


def _by_layer(due: Sequence[_Due], layers: Sequence[LayerFacts]) -> dict[int, list[_Due]]:
    """Sort targets by the topmost layer that has them; what is deleted again is left out."""
    there = Visible(layers).layers_of({name for entry in due for name in entry[:2]})
    found: dict[int, list[_Due]] = {}
    for entry in due:
        if entry[0] in there and entry[1] in there:
            found.setdefault(there[entry[1]], []).append(entry)
    return found


def _chosen(due: Sequence[_Due]) -> Wanted:
    """Want targets, and give them to analyzers under the names of the links."""
    chosen: dict[str, list[Analyzer]] = {}
    for path, target, left in due:
        for analyzer in left:
            renamed = partial(_under_name, analyzer, path)
            chosen.setdefault(target, []).append(replace(analyzer, analyze=renamed))
    return Wanted.exactly(chosen)


class _Renamed:
    """A file under another path."""

    def __init__(self, file: File, path: str) -> None:
        self.path, self.size = path, file.size
        self.read, self.open, self.other = file.read, file.open, file.other


def _under_name(analyzer: Analyzer, path: str, file: File) -> Iterator[Fact]:
    return analyzer.analyze(_Renamed(file, path))


def _placed(fact: Fact, index: int) -> Fact:
    if isinstance(fact, Package):
        return replace(fact, introduced=index, changed=index)
    return replace(fact, layer=index) if isinstance(fact, LAYERED) else fact
