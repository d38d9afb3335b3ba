"""What a patch put into the last layer of an image."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path


def top_layer(layout: Path) -> dict[str, bytes | str]:
    """Return the files of the last layer of an OCI layout, and where its links lead."""
    top = json.loads((layout / "index.json").read_text())["manifests"][0]
    blobs = layout / "blobs/sha256"
    manifest = json.loads((blobs / top["digest"][7:]).read_text())
    with tarfile.open(blobs / manifest["layers"][-1]["digest"][7:]) as tar:
        return {
            info.name: file.read() if info.isfile() and (file := tar.extractfile(info))
            else info.linkname
            for info in tar.getmembers() if not info.isdir()
        }  # fmt: skip
