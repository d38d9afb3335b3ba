"""Stands in for `docker` in sandboxes: builds what a small Dockerfile says, and saves it.

FROM takes a folder of `skopeo copy … dir:`, from a real registry where it names one; `RUN pip
install -r` makes what pip would leave, out of the pinned requirements. Called as `docker`.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from images import DEBIAN, docker_archive, dpkg_status, layer_tar

_STORE = Path(os.environ.get("STUB_STORE", "/nonexistent"))


def base(name: str) -> tuple[list[bytes], list[dict[str, object]]]:
    """Give the layers and the history of a base image."""
    if "/" not in name:
        files = {
            "etc/os-release": DEBIAN,
            "var/lib/dpkg/status": dpkg_status([("libc6", "2.36-9")]),
        }
        return [layer_tar(files)], [{"created_by": "/bin/sh -c #(nop) ADD file:1 in / "}]
    with tempfile.TemporaryDirectory() as folder:
        command = ["skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false"]
        subprocess.run([*command, f"docker://{name}", f"dir:{folder}"], check=True)
        manifest = json.loads(Path(folder, "manifest.json").read_bytes())
        blobs = [Path(folder, layer["digest"][7:]).read_bytes() for layer in manifest["layers"]]
        config = json.loads(Path(folder, manifest["config"]["digest"][7:]).read_bytes())
    return [gzip.decompress(b) if b[:2] == b"\x1f\x8b" else b for b in blobs], config["history"]


def build(dockerfile: Path, context: Path) -> bytes:
    layers: list[bytes] = []
    history: list[dict[str, object]] = []
    for line in dockerfile.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            layers, history = base(rest)
        elif word == "COPY":
            source, target = rest.split()
            layers.append(layer_tar({f"app/{source}": (context / source).read_bytes()}))
            history.append({"created_by": f"COPY {source} {target} # buildkit"})
        elif word == "RUN":
            layers.append(layer_tar(_installed((context / "requirements.txt").read_text())))
            history.append({"created_by": f"RUN /bin/sh -c {rest} # buildkit"})
        elif word:
            history.append({"created_by": line, "empty_layer": True})
    return docker_archive(layers, history=history, config={"User": "1000"})


def _installed(requirements: str) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    for name, version in re.findall(r"^([\w-]+)==([\w.]+)$", requirements, re.MULTILINE):
        place = f"usr/lib/python3/site-packages/{name}-{version}.dist-info"
        files[f"{place}/METADATA"] = (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        )
        files[f"{place}/RECORD"] = f"{name}.py,,\n".encode()
    return files


def main(words: list[str]) -> int:
    match words:
        case ["build", "-t", name, "-f", dockerfile, context]:
            made = build(Path(dockerfile), Path(context))
            (_STORE / name.replace("/", "_")).write_bytes(made)
        case ["save", "-o", path, name]:
            Path(path).write_bytes((_STORE / name.replace("/", "_")).read_bytes())
        case _:
            sys.stderr.write(f"docker: no such command here: {words}\n")
            return 125
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
