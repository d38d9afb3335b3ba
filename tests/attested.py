"""An image in a real registry, to attest things of."""

from __future__ import annotations

import base64
import itertools
import json
import os
from pathlib import Path
from typing import Any

from cosign import WORD
from oci_layout import Layout
from pratique.cli import main
from pratique.codecs.dsse import IN_TOTO, STATEMENT
from pratique.signing.keys import PASSWORD, private_key
from registries import push

DSSE = "application/vnd.dsse.envelope.v1+json"
ARTIFACT = "application/vnd.oci.image.manifest.v1+json"
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"
DEBIAN = b'ID=debian\nVERSION_ID="12"\n'
OPENSSL = (
    b"Package: openssl\nStatus: install ok installed\nVersion: 3.0.9-1\nArchitecture: amd64\n"
    b"Maintainer: x\n\n"
)
_numbers = itertools.count()


class Published:
    """An image with openssl of Debian 12, flaws of which the starter advisories know."""

    def __init__(self, host: str, folder: Path, key: str, public: str) -> None:
        self.host, self.folder = host, folder
        self.key, self.public = key, public
        self.layout = Layout(folder / "layout")
        self.repository = f"lab/attested{os.getpid()}-{next(_numbers)}"
        self.image = self.layout.image(
            {"etc/os-release": DEBIAN, "var/lib/dpkg/status": OPENSSL,
             "made": str(next(_numbers)).encode()}
        )  # fmt: skip
        self.push(self.image)
        self.name = f"{host}/{self.repository}:1"

    @property
    def digest(self) -> str:
        return str(self.image["digest"])

    @property
    def plain(self) -> str:
        return self.digest.replace(":", "-")

    def push(self, entry: dict[str, Any], tag: str = "1") -> None:
        push(self.host, self.repository, self.layout, entry, tag)

    def run(self, command: str, *words: str) -> int:
        """Run a command on the image; return its exit status."""
        cache = ("--cache-dir", str(self.folder / "cache"))
        scans = command in ("attest", "image")
        return main([command, self.name, *words, *cache, *(["--offline"] if scans else [])])

    def attach(self, *documents: Any, tag: str = "", predicate: str = VULN) -> None:
        """Put documents, or bytes as they are, under cosign's tag by hand."""
        told = {"predicateType": predicate} if predicate else {}
        blobs = [
            self.layout.blob(one if isinstance(one, bytes) else json.dumps(one).encode(), DSSE)
            | {"annotations": told} for one in documents
        ]  # fmt: skip
        empty = self.layout.blob(b"{}", "application/vnd.oci.empty.v1+json")
        manifest = {"schemaVersion": 2, "mediaType": ARTIFACT, "config": empty, "layers": blobs}
        self.push(self.layout.document(manifest, ARTIFACT), tag or f"{self.plain}.att")

    def envelope(self, predicate: Any, digest: str = "", **more: Any) -> dict[str, Any]:
        """Give what the key signs of a digest, this image's unless another is named."""
        algorithm, _, value = (digest or self.digest).partition(":")
        subject = [{"name": "x", "digest": {algorithm: value}}]
        document = {"_type": STATEMENT, "predicateType": VULN, "subject": subject,
                    "predicate": predicate} | more  # fmt: skip
        return signed(json.dumps(document).encode(), self.key)


def signed(payload: bytes, key: str, kind: str = IN_TOTO) -> dict[str, Any]:
    """Give the envelope of a payload, by the words of the DSSE protocol."""
    words = (b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(payload)).encode(), payload)
    signature = private_key(key, {PASSWORD: WORD}).sign(b" ".join(words))
    return {
        "payloadType": kind, "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
    }  # fmt: skip
