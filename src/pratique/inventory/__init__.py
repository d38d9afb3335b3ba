"""Take the inventory of an image: read each layer once, then stack what they say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal, TypeVar

from msgspec import DecodeError, ValidationError, msgpack
from msgspec.structs import replace

from pratique.cache import Cache, MemoryCache
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import Plain, inflate
from pratique.codecs.glob import REGEX
from pratique.codecs.osrelease import settle
from pratique.errors import DigestMismatch, NotFound, UsageError
from pratique.inventory.index import known_analyzers
from pratique.inventory.layer import LayerFacts, Reading
from pratique.inventory.links import followed
from pratique.inventory.squash import as_inventory, select, stack
from pratique.inventory.wanted import Wanted
from pratique.model.analyzer import Analyzer, Scanner
from pratique.model.event import BytesRead, LayerDone, LayerStarted, Observe, ignore
from pratique.model.image import Image, Layer
from pratique.model.inventory import Distro, Inventory, Problem
from pratique.plugins import from_outside, load

_FORMAT = 2  # of the cache entries: raise it when their records change
_THREADS = max(2, min(4, os.cpu_count() or 2))

# made at import: msgspec 0.22 may crash where threads are the first to use a type
_INVENTORY = msgpack.Decoder(Inventory)
_FACTS = msgpack.Decoder(LayerFacts)

T = TypeVar("T")
Open = Callable[[Layer], Iterator[bytes]]
"""Gives a layer's blob as stored, in chunks."""


class Analyzers:
    """The analyzers for one kind of target; none is imported before a file must be read."""

    def __init__(
        self,
        reads: Literal["installed", "locked"],
        cache: Cache | None = None,
        scanners: Iterable[Scanner] = ("package",),
        more: Sequence[Analyzer] = (),
        patterns: Sequence[str] = (),
    ) -> None:
        """`more`: analyzers made for this scan; their names and versions tell them apart.

        `patterns`: `dockerfile:REGEX` gives an analyzer more files than it asks for.
        """
        self.reads = reads
        self.scanners = sorted(scanners)
        self._cache = cache
        self._more = more
        self._patterns = patterns

    @cached_property
    def wanted(self) -> Wanted:
        every = known_analyzers(self._cache or MemoryCache(), self.fingerprint)
        every = (*every, *_with_patterns(every, self._patterns))
        chosen = (a for a in every if a.reads in (self.reads, "both"))
        return Wanted([*(a for a in chosen if a.scanner in self.scanners), *self._more])

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the sources that turn files into facts: part of every cache key."""
        asked = f"{_FORMAT} {self.reads} {self.scanners} {' '.join(self._patterns)}"
        digest = hashlib.sha256(asked.encode())
        package = os.path.dirname(os.path.dirname(__file__))
        for folder in ("analyzers", "codecs", "codecs/sbom", "inventory", "licenses"):
            for name in sorted(os.listdir(os.path.join(package, folder))):
                if name.endswith((".py", ".bin")):
                    with open(os.path.join(package, folder, name), "rb") as file:
                        digest.update(file.read())
        with open(os.path.join(package, "evidence.py"), "rb") as file:  # the words of remarks
            digest.update(file.read())
        outside = load("pratique.analyzers", Analyzer) if from_outside() else ()
        for analyzer in (*self._more, *outside):
            digest.update(f"{analyzer.name} {analyzer.version}\n".encode())
        return digest.hexdigest()


def _with_patterns(every: Sequence[Analyzer], patterns: Sequence[str]) -> Iterator[Analyzer]:
    """Yield the analyzers of patterns; raise UsageError for a kind that nothing reads."""
    for pattern in patterns:
        kind, _, regex = pattern.partition(":")
        named = [analyzer for analyzer in every if analyzer.name == kind]
        if not named:
            raise UsageError(f"--file-patterns: nothing reads files of the kind {kind!r}")
        yield from (replace(one, paths=(f"{REGEX}{regex}",)) for one in named)


def take_inventory(
    image: Image, read: Open, analyzers: Analyzers, cache: Cache, observe: Observe = ignore
) -> Inventory:
    """Return what an image holds; its layers are opened only where the cache does not know them.

    Raises MalformedError or DigestMismatch for a layer that is not what its image says it is. A
    foreign layer that nobody has is a problem of the inventory, not an error.
    """
    diff_ids = "\n".join(layer.diff_id for layer in image.layers)
    key = f"image {analyzers.fingerprint} {diff_ids}"
    if (known := _decoded(cache.get(key), _INVENTORY)) is not None:
        return known
    layers = _read_all(image.layers, read, analyzers, cache, observe)
    facts, files = stack(layers)

    def again(index: int, chosen: Wanted) -> LayerFacts:
        return _read_layer(image.layers[index], read, chosen, observe)

    facts += followed(layers, analyzers, again)
    unread = any(_is_unread(layer) for layer in layers)
    seen = () if unread else layers  # what was not looked at must not be taken for deleted
    inventory = as_inventory(facts, settle(select(Distro, facts)), files, seen)
    if not unread:
        cache.put(key, msgpack.encode(inventory))
    return inventory


def _read_all(
    layers: Sequence[Layer], read: Open, analyzers: Analyzers, cache: Cache, observe: Observe
) -> list[LayerFacts]:
    def one(numbered: tuple[int, Layer]) -> LayerFacts:
        index, layer = numbered
        key = f"layer {analyzers.fingerprint} {layer.diff_id}"
        known = _decoded(cache.get(key), _FACTS)
        if known is None:
            observe(LayerStarted(index, len(layers), layer.size))
            known = _read_layer(layer, read, analyzers.wanted, observe)
            if not _is_unread(known):
                cache.put(key, msgpack.encode(known))
            observe(LayerDone(index, len(layers), cached=False))
        else:
            observe(LayerDone(index, len(layers), cached=True))
        return known

    if len(layers) < 2:
        return [one(numbered) for numbered in enumerate(layers)]
    # 5 ms, and of cold scans only
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(min(_THREADS, len(layers))) as pool:
        # the largest first, so that none is left alone at the end
        largest = sorted(enumerate(layers), key=lambda numbered: -numbered[1].size)
        read_layers = zip(largest, pool.map(one, largest), strict=True)
        return [facts for _, facts in sorted(read_layers, key=lambda pair: pair[0][0])]


_UNREAD = "layer not read"


def _is_unread(layer: LayerFacts) -> bool:
    return any(problem.what.startswith(_UNREAD) for problem in layer.problems)


def _read_layer(layer: Layer, read: Open, wanted: Wanted, observe: Observe) -> LayerFacts:
    where = f"layer {layer.digest or layer.diff_id}"
    digest = hashlib.sha256()
    try:
        blob = read(layer)
        plain = inflate(_observed(blob, observe), where)
        stream = ByteStream(_digesting(plain, digest), where)
        if isinstance(plain, Plain):
            stream.section = getattr(blob, "section", None)
        facts = Reading(wanted).read_tar(stream)
        stream.drain()
    except NotFound as error:
        if not layer.urls:
            raise
        return LayerFacts((), b"", problems=(Problem(f"{_UNREAD}: {error.message}", where),))
    if layer.diff_id and (found := f"sha256:{digest.hexdigest()}") != layer.diff_id:
        raise DigestMismatch(f"{where}: its content is {found}, its image says {layer.diff_id}")
    return facts


def _digesting(chunks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _observed(chunks: Iterator[bytes], observe: Observe) -> Iterator[bytes]:
    if observe is ignore:
        return chunks
    return _counted(chunks, observe)


def _counted(chunks: Iterator[bytes], observe: Observe) -> Iterator[bytes]:
    for chunk in chunks:
        observe(BytesRead(len(chunk)))
        yield chunk


def _decoded(data: bytes | None, decoder: msgpack.Decoder[T]) -> T | None:
    """Return a cache entry as a record; one that is of another shape counts as absent."""
    if data is None:
        return None
    try:
        return decoder.decode(data)
    except (ValidationError, DecodeError):
        return None
