"""Images with an application of Node, and a registry of npm on loopback, for tests."""

from __future__ import annotations

import base64
import contextlib
import copy
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from images import advisory, docker_archive, layer_tar
from loopback import Answer, Asked, serve
from pratique.cli import main

OS = {"etc/os-release": b'ID=debian\nVERSION_ID="12"\n'}


def tarball(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        every = {"package/package.json": json.dumps(manifest).encode(), **files}
        for path, data in every.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return made.getvalue()


class App:
    """An image with an application, and a registry."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.files: dict[str, bytes] = dict(OS)
        self.offers: dict[str, dict[str, dict[str, Any]]] = {}
        self.tarballs: dict[str, bytes] = {}
        self.flaws = [advisory("TEST-1", "npm", "web", "1.0.5")]
        self.root: Path | None = None
        """A folder that is the root of the image, in the place of the files."""
        self.more: list[bytes] = []
        """Layers above the lowest."""
        self.url = ""

    def has(self, path: str, name: str, version: str, **fields: Any) -> None:
        manifest = {"name": name, "version": version, **fields}
        self.files[f"{path}/package.json"] = json.dumps(manifest).encode()

    def offer(
        self, name: str, version: str, files: Mapping[str, bytes] | None = None, **fields: Any
    ) -> None:
        manifest = {"name": name, "version": version, **fields}
        data = tarball(manifest, {"package/index.js": b"new", **(files or {})})
        self.put(name, version, data, **fields)

    def put(self, name: str, version: str, data: bytes, **fields: Any) -> None:
        path = f"/files/{name}-{version}.tgz"
        self.tarballs[path] = data
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        self.offers.setdefault(name, {})[version] = {
            "name": name, "version": version, "dist": {"tarball": path, "integrity": integrity}, **fields,
        }  # fmt: skip

    def patch(self, *words: str) -> int:
        """Patch the image that the files make, or those in the folder `root`."""
        image = self.image()
        feed = self.folder / "advisories"
        feed.mkdir(exist_ok=True)
        for record in self.flaws:
            (feed / f"{record['id']}.json").write_text(json.dumps(record))
        with self.served(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("NPM_CONFIG_REGISTRY", self.url)
            return main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={self.out}",
                         "--app", "--json", "--advisories", str(feed), "--offline",
                         "--cache-dir", str(self.folder / "cache"), *words])  # fmt: skip

    def image(self) -> Path:
        path = self.folder / "image.tar"
        path.write_bytes(docker_archive([self.packed(), *self.more]))
        return path

    def packed(self) -> bytes:
        """Return the lowest layer."""
        if not self.root:
            return layer_tar(self.files)
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w") as tar:
            tar.add(self.root, "")
        return made.getvalue()

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        """Have the registry answer; the same where it does already."""
        if self.url:
            yield
            return
        with serve(self._answer) as server:
            self.url = server.url
            yield
        self.url = ""

    def _answer(self, asked: Asked) -> Answer:
        if asked.path in self.tarballs:
            return Answer(body=self.tarballs[asked.path])
        name = unquote(asked.path.strip("/"))
        found = copy.deepcopy(self.offers.get(name, {}))
        for release in found.values():
            dist = release["dist"]
            if isinstance(dist, dict):
                dist["tarball"] = f"{self.url}{dist['tarball']}"
        page = {"name": name, "dist-tags": {"latest": max(found, default="")}, "versions": found}
        return Answer(200 if found else 404, json.dumps(page).encode())

    def layer(self) -> dict[str, bytes | None]:
        """Return the files of the uppermost layer."""
        with tarfile.open(self._blobs()[-1]) as tar:
            return {
                info.name: file.read() if info.isreg() and (file := tar.extractfile(info)) else None
                for info in tar.getmembers() if not info.isdir()
            }  # fmt: skip

    def unpack(self, target: Path) -> Path:
        """Write the patched image to a folder, layer upon layer."""
        target.mkdir()
        for blob in self._blobs():
            with tarfile.open(blob) as tar:
                members = tar.getmembers()
                for info in members:
                    folder, _, name = info.name.rpartition("/")
                    if name.startswith(".wh."):
                        _remove(target / folder / name.removeprefix(".wh."))
                for info in members:
                    place = target / info.name
                    if "/.wh." not in info.name:
                        if place.is_symlink() or place.is_file():
                            place.unlink()
                        tar.extract(info, target, filter="tar")
        return target

    def _blobs(self) -> list[Path]:
        top = json.loads((self.out / "index.json").read_text())["manifests"][0]
        blobs = self.out / "blobs/sha256"
        manifest = json.loads((blobs / top["digest"][7:]).read_text())
        return [blobs / layer["digest"][7:] for layer in manifest["layers"]]


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what a patch says of its one platform."""
    [platform] = json.loads(capsys.readouterr().out)["Platforms"]
    found: dict[str, Any] = platform
    return found


def changed(found: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Return names of packages, with versions before and after."""
    return {(p["Name"], p["Before"], p["After"]) for p in found["Packages"]}
