"""Small OCI image layouts on disk, and the manifests in them, for tests."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import zstandard

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
Descriptor = dict[str, Any]


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def tar(files: dict[str, bytes]) -> bytes:
    """Return a tar of files by their paths."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


class Layout:
    """An OCI image layout (image-spec, image-layout.md)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "blobs" / "sha256").mkdir(parents=True)
        (path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def blob(self, data: bytes, media_type: str, **more: Any) -> Descriptor:
        digest = sha256(data)
        (self.path / "blobs" / "sha256" / digest[7:]).write_bytes(data)
        return {"mediaType": media_type, "digest": digest, "size": len(data), **more}

    def document(self, value: Any, media_type: str, **more: Any) -> Descriptor:
        return self.blob(json.dumps(value).encode(), media_type, **more)

    def layer(self, files: dict[str, bytes], compression: str = "gzip") -> tuple[Descriptor, str]:
        """Return a layer's descriptor and its diff id."""
        plain = tar(files)
        if compression == "gzip":
            stored, kind = gzip.compress(plain, mtime=0), f"{LAYER}+gzip"
        elif compression == "zstd":
            stored, kind = zstandard.compress(plain), f"{LAYER}+zstd"
        else:
            stored, kind = plain, LAYER
        return self.blob(stored, kind), sha256(plain)

    def image(
        self,
        *layers: dict[str, bytes],
        compression: str = "gzip",
        platform: str = "linux/amd64",
    ) -> Descriptor:
        """Write an image; its history has an empty line between two layers."""
        blobs = [self.layer(files, compression) for files in layers]
        history: list[dict[str, Any]] = []
        for number, _ in enumerate(layers):
            history += [
                {"created_by": f"COPY {number} /"},
                {"created_by": "ENV", "empty_layer": True},
            ]
        names = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
        diff_ids = [diff_id for _, diff_id in blobs]
        config = {**names, "config": {}, "history": history}
        config["rootfs"] = {"type": "layers", "diff_ids": diff_ids}
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.document(config, CONFIG),
            "layers": [blob for blob, _ in blobs],
        }
        return self.document(manifest, MANIFEST, platform=names)

    def attestation(self, of: str) -> Descriptor:
        """Write what BuildKit attaches to an image."""
        statement = self.document({"predicateType": "x"}, "application/vnd.in-toto+json")
        config = {"os": "unknown", "architecture": "unknown"}
        rootfs = {"type": "layers", "diff_ids": [statement["digest"]]}
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.document({**config, "rootfs": rootfs}, CONFIG),
            "layers": [statement],
        }
        annotations = {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": of,
        }
        return self.document(manifest, MANIFEST, platform=config, annotations=annotations)

    def index(self, *entries: Descriptor) -> Descriptor:
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(entries)}
        return self.document(document, INDEX)

    def tag(self, **entries: Descriptor) -> None:
        """Write index.json, each entry under a name."""
        manifests = [
            {**entry, "annotations": {"org.opencontainers.image.ref.name": name}}
            for name, entry in entries.items()
        ]
        document = {"schemaVersion": 2, "manifests": manifests}
        (self.path / "index.json").write_text(json.dumps(document))

    def read(self, digest: str) -> bytes:
        return (self.path / "blobs" / "sha256" / digest[7:]).read_bytes()
