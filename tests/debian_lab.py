"""A small Debian image with an old package, a repository with the new one, and the command."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pysequoia

from debian_repository import Archive, File, control, root, tar
from images import advisory, docker_archive
from loopback import serve
from pratique.cli import main

OLD, NEW = "1.0-1", "1.0-1+deb12u1"
SHIPPED = hashlib.md5(b"shipped\n").hexdigest()
AGAIN = hashlib.md5(b"shipped again\n").hexdigest()
KEY = pysequoia.Tsk.generate("Test archive <test@example.org>")
CERT = KEY.extract_certificate()
FILES: dict[str, File] = {
    "lib": None, "lib/libours.so.1": b"old library", "usr/share/ours": None,
    "usr/share/ours/gone": b"no longer", "usr/share/ours/sub": None, "usr/share/ours/sub/x": b"x",
    "etc/ours.conf": b"shipped\n", "etc/changed.conf": b"shipped\n",
}  # fmt: skip
NEW_FILES: dict[str, File] = {
    "lib": None, "lib/libours.so.1": (b"new library", 0o755, 0, 0), "lib/link.so": "libours.so.1",
    "lib/hard.so": "=lib/libours.so.1", "usr/share/ours": None,
    "etc/ours.conf": b"shipped again\n", "etc/changed.conf": b"shipped again\n",
}  # fmt: skip
CONFFILES = {"conffiles": b"/etc/ours.conf\n/etc/changed.conf\n"}


def installed(name: str = "ours", version: str = OLD, **fields: str) -> str:
    text = control(name, version, **fields)
    if name == "ours":
        sums = "".join(f"\n /etc/{f} {SHIPPED}" for f in ("ours.conf", "changed.conf"))
        text = text.replace("Description:", f"Conffiles:{sums}\nDescription:")
    return text


class Lab:
    """An image, a repository, and the command that patches the one with the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(KEY)
        self.packages: list[tuple[str, Mapping[str, File]]] = [(installed(), FILES)]
        self.more: dict[str, File] = {"etc/changed.conf": b"of the image\n"}
        self.controls: dict[str, bytes] = {}
        self.records = [advisory("TEST-1", "Debian:12", "ours", NEW)]
        self.out = folder / "out"
        self.sources = ""
        self.adjust: Callable[[dict[str, File]], None] = lambda files: None

    def image(self, url: str) -> Path:
        line = self.sources or f"deb {url}/debian bookworm main\n"
        more = {"etc/apt/sources.list": line.replace("URL", url).encode(), **self.more}
        files = root(self.packages, CERT, more, self.controls)
        self.adjust(files)
        path = self.folder / "image.tar"
        path.write_bytes(docker_archive([tar(files)], history=["made"]))
        return path

    def patch(self, *words: str, to: str = "layout") -> int:
        feed = self.folder / "advisories"
        feed.mkdir(exist_ok=True)
        for record in self.records:
            (feed / f"{record['id']}.json").write_text(json.dumps(record))
        with serve(self.archive.answer) as server:
            image = self.image(server.url)
            return main([
                "patch", "--input", str(image), "-t", "lab/ours:2", "-o", f"{to}={self.out}",
                "--advisories", str(feed), "--offline", "--cache-dir", str(self.folder / "cache"),
                *(word.replace("URL", server.url) for word in words),
            ])  # fmt: skip

    def layer(self) -> dict[str, tarfile.TarInfo]:
        return {info.name: info for info in self._tar().getmembers()}

    def read(self, name: str) -> bytes:
        file = self._tar().extractfile(name)
        assert file
        return file.read()

    def _tar(self) -> tarfile.TarFile:
        manifest = self.manifest()
        return tarfile.open(fileobj=io.BytesIO(self._blob(manifest["layers"][-1]["digest"])))

    def manifest(self) -> Any:
        index = json.loads((self.out / "index.json").read_text())
        return json.loads(self._blob(index["manifests"][0]["digest"]))

    def config(self) -> Any:
        return json.loads(self._blob(self.manifest()["config"]["digest"]))

    def _blob(self, digest: str) -> bytes:
        return (self.out / "blobs/sha256" / digest[7:]).read_bytes()
