"""Write patched images: to a docker archive, an OCI layout, or a registry.

What is stated of them goes with them: referrers in a registry and in a layout; beside an archive,
which has no place for it, a file of in-toto's lines
(https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md).
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from msgspec import Struct, json

from pratique.artifacts.manifest import EMPTY
from pratique.attesting.attach import attach, referring
from pratique.codecs import platforms
from pratique.codecs.compression import compression
from pratique.errors import PratiqueError, UsageError
from pratique.model.image import Image, Layer
from pratique.model.settings import Settings
from pratique.model.source import Source
from pratique.patch.images import (
    CONFIG_TYPE,
    INDEX_TYPE,
    MANIFEST_TYPE,
    annotations_of,
    config_of,
    descriptor,
    digest_of,
    stamp,
)
from pratique.patch.model import Order, Patched
from pratique.patch.stating import stated

_TAR = "application/vnd.oci.image.layer.v1.tar"
_NAME, _CONTAINERD = "org.opencontainers.image.ref.name", "io.containerd.image.name"
BESIDE = ".intoto.jsonl"
"""What follows an archive's name in the name of the file of what is stated of it."""
Put = Callable[[str, BinaryIO, int], None]
Has = Callable[[str], bool]


def publish(
    done: Sequence[Patched], source: Source, order: Order, settings: Settings, folder: str
) -> str:
    """Write the images where the order says; return the digest of what has the name now.

    A file or a folder is whole afterwards, or not there.
    """
    if order.output == "registry":
        return _push(done, source, order, settings, folder)
    if os.path.exists(order.path):
        raise UsageError(f"{order.path}: is there already")
    beside = f"{order.path}.{os.getpid()}.part"
    write = _layout if order.output == "layout" else _archive
    try:
        digest = write(done, source, order, settings, beside)
        os.rename(beside, order.path)
    except OSError as error:
        raise PratiqueError(f"{order.path}: cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if os.path.isfile(beside):
            os.unlink(beside)
    return digest


def _layout(
    done: Sequence[Patched], source: Source, order: Order, settings: Settings, path: str
) -> str:
    blobs = os.path.join(path, "blobs", "sha256")
    os.makedirs(blobs)

    def put(digest: str, file: BinaryIO, _size: int) -> None:
        with open(os.path.join(blobs, digest[7:]), "wb") as out:
            shutil.copyfileobj(file, out, 1 << 20)

    def has(digest: str) -> bool:
        return os.path.exists(os.path.join(blobs, digest[7:]))

    made = _documents(done, source, put, has, path)
    top = made.top
    named = {_NAME: order.tag.rpartition("/")[2].partition(":")[2] or "latest",
             _CONTAINERD: order.tag}  # fmt: skip
    entry = {**top, "annotations": {**top.get("annotations", {}), **named}}
    beside = list(_referrers(done, made, order, settings, put, has))
    index = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [entry, *beside]}
    for name, document in (("oci-layout", {"imageLayoutVersion": "1.0.0"}), ("index.json", index)):
        with open(os.path.join(path, name), "wb") as file:
            file.write(json.encode(document))
    return str(top["digest"])


def _push(
    done: Sequence[Patched], source: Source, order: Order, settings: Settings, folder: str
) -> str:
    from pratique.artifacts.remote import Remote  # noqa: PLC0415 - only the one that is used

    remote = Remote(order.tag, settings)
    try:
        made = _documents(done, source, remote.upload, remote.has, folder, remote.tag)
        remote.tag(made.data, str(made.top["mediaType"]))
        for one in stated(done, made.digests, order, settings):
            attach(remote, one.digest, order.seal(one.words), one.predicate_type,
                   stamp(order.epoch))  # fmt: skip
    finally:
        remote.close()
    return str(made.top["digest"])


def _referrers(
    done: Sequence[Patched], made: _Made, order: Order, settings: Settings, put: Put, has: Has
) -> Iterator[dict[str, Any]]:
    """Write what refers to the images; yield the descriptors."""
    images = dict(zip(made.digests, made.entries, strict=True))
    for one in stated(done, made.digests, order, settings):
        image = {k: images[one.digest][k] for k in ("mediaType", "digest", "size")}
        sealed = order.seal(one.words)
        data, entry = referring(image, sealed, one.predicate_type, stamp(order.epoch))
        for blob in (EMPTY, sealed.bundle, data):
            _put_bytes(blob, put, has)
        yield entry


class _Made(Struct):
    """What was written of some images."""

    entries: list[dict[str, Any]]
    """The descriptors of their manifests."""
    data: bytes
    """What the name is to stand for: a manifest or an index."""
    top: dict[str, Any]
    """Its descriptor."""

    @property
    def digests(self) -> list[str]:
        return [str(entry["digest"]) for entry in self.entries]


def _documents(
    done: Sequence[Patched], source: Source, put: Put, has: Has, folder: str,
    put_manifest: Callable[[bytes, str, str], object] | None = None,
) -> _Made:  # fmt: skip
    """Write blobs and manifests."""
    entries: list[dict[str, Any]] = []
    data = b""
    for one in done:
        config = config_of(one.after)
        layers = [_layer(layer, source, put, has, folder) for layer in one.after.layers]
        _put_bytes(config, put, has)
        data = json.encode({
            "schemaVersion": 2, "mediaType": MANIFEST_TYPE,
            "config": descriptor(CONFIG_TYPE, config), "layers": layers,
            "annotations": annotations_of(one.before),
        })  # fmt: skip
        entries.append(_entry(data, one.after))
        if put_manifest and len(done) > 1:
            put_manifest(data, MANIFEST_TYPE, digest_of(data))
        elif not put_manifest:
            _put_bytes(data, put, has)
    if len(entries) == 1:
        return _Made(entries, data, entries[0])
    index = json.encode({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries})
    if not put_manifest:
        _put_bytes(index, put, has)
    return _Made(entries, index, descriptor(INDEX_TYPE, index))


def _entry(data: bytes, image: Image) -> dict[str, Any]:
    platform = platforms.parse(image.platform) if image.platform else None
    entry = descriptor(MANIFEST_TYPE, data)
    if platform and platform.os:
        named = {"architecture": platform.architecture, "os": platform.os}
        entry["platform"] = named | ({"variant": platform.variant} if platform.variant else {})
    return entry


def _put_bytes(data: bytes, put: Put, has: Has) -> None:
    digest = digest_of(data)
    if not has(digest):
        put(digest, io.BytesIO(data), len(data))


def _layer(layer: Layer, source: Source, put: Put, has: Has, folder: str) -> dict[str, Any]:
    """Write a layer as it is stored; return its descriptor."""
    if layer.urls:
        raise UsageError(f"a layer is kept at {layer.urls[0]}", "such images cannot be patched")
    if layer.digest and layer.media_type and layer.size and has(layer.digest):
        packed = next((p for p in ("gzip", "zstd") if layer.media_type.endswith(p)), "")
        return _described(_media_type(packed), layer.digest, layer.size)
    with tempfile.TemporaryFile(dir=folder) as spool:
        hasher, size = hashlib.sha256(), 0
        for chunk in source.open(layer):
            hasher.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        digest = f"sha256:{hasher.hexdigest()}"
        spool.seek(0)
        packed = compression(spool.read(8))
        spool.seek(0)
        if not has(digest):
            put(digest, spool, size)
    return _described(_media_type(packed), digest, size)


def _described(media_type: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest, "size": size}


def _media_type(packed: str) -> str:
    """Return the type in the words of OCI, whatever the words of the image were."""
    return _TAR + (f"+{packed}" if packed else "")


def _archive(
    done: Sequence[Patched], source: Source, order: Order, settings: Settings, path: str
) -> str:
    """Write what `docker load` takes; what is stated of the image is about its configuration."""
    [one] = done
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        digest = _write(archive, one.after, source, order.tag, path)
    lines = [order.seal(said.words) for said in stated(done, [digest], order, settings)]
    if lines:
        with open(f"{order.path}{BESIDE}", "wb") as file:
            file.writelines(b"%b\n" % (line.envelope or line.bundle) for line in lines)
    return digest


def write_archive(image: Image, source: Source, tag: str, path: str) -> None:
    """Write an image as it is into a docker archive."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        _write(archive, image, source, tag, path)


def _write(archive: tarfile.TarFile, image: Image, source: Source, tag: str, path: str) -> str:
    """Write an image's layers and its configuration; return the digest of that."""
    config = config_of(image)
    name = f"{digest_of(config)[7:]}.json"
    names = [_add_layer(archive, layer, source, path) for layer in image.layers]
    _add(archive, name, io.BytesIO(config), len(config))
    saved = json.encode([{"Config": name, "RepoTags": [tag], "Layers": names}])
    _add(archive, "manifest.json", io.BytesIO(saved), len(saved))
    return digest_of(config)


def _add_layer(archive: tarfile.TarFile, layer: Layer, source: Source, path: str) -> str:
    name = f"{layer.diff_id.partition(':')[2]}.tar"
    if name in _names(archive):
        return name
    with tempfile.TemporaryFile(dir=os.path.dirname(path) or ".") as spool:
        for chunk in source.open(layer):
            spool.write(chunk)
        size = spool.tell()
        spool.seek(0)
        _add(archive, name, spool, size)
    return name


def _names(archive: tarfile.TarFile) -> Iterable[str]:
    return archive.getnames()


def _add(archive: tarfile.TarFile, name: str, file: BinaryIO, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o644, 0
    archive.addfile(info, file)
