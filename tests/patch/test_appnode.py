"""`patch --app`: packages of npm in the place of others; registries and tarballs that lie."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
            "version": version, "dist": {"tarball": path, "integrity": integrity}, **fields,
        }  # fmt: skip

    def patch(self, *words: str) -> int:
        image = self.folder / "image.tar"
        image.write_bytes(docker_archive([layer_tar(self.files)]))
        feed = self.folder / "advisories"
        feed.mkdir(exist_ok=True)
        for record in self.flaws:
            (feed / f"{record['id']}.json").write_text(json.dumps(record))
        with serve(self._answer) as server, pytest.MonkeyPatch.context() as patch:
            patch.setenv("NPM_CONFIG_REGISTRY", server.url)
            return main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={self.out}",
                         "--app", "--json", "--advisories", str(feed), "--offline",
                         "--cache-dir", str(self.folder / "cache"), *words])  # fmt: skip

    def _answer(self, asked: Asked) -> Answer:
        if asked.path in self.tarballs:
            return Answer(body=self.tarballs[asked.path])
        found = self.offers.get(asked.path.strip("/"))
        return Answer(200 if found else 404, json.dumps({"versions": found or {}}).encode())

    def layer(self) -> dict[str, bytes | None]:
        top = json.loads((self.out / "index.json").read_text())["manifests"][0]
        blobs = self.out / "blobs/sha256"
        manifest = json.loads((blobs / top["digest"][7:]).read_text())
        with tarfile.open(blobs / manifest["layers"][-1]["digest"][7:]) as tar:
            return {
                info.name: file.read() if (file := tar.extractfile(info)) else None
                for info in tar.getmembers() if not info.isdir()
            }  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> App:
    one = App(tmp_path)
    one.has("app", "shop", "1.0.0", dependencies={"web": "^1.0.0", "other": "1.0.0"})
    one.has("app/node_modules/web", "web", "1.0.1", dependencies={"dep": "^1.0.0"})
    one.files["app/node_modules/web/old/gone.js"] = b"x"
    one.has("app/node_modules/dep", "dep", "1.0.0")
    one.has("app/node_modules/other", "other", "1.0.0")
    return one


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [platform] = json.loads(capsys.readouterr().out)["Platforms"]
    found: dict[str, Any] = platform
    return found


def changed(found: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {(p["Name"], p["Before"], p["After"]) for p in found["Packages"]}


def test_the_lowest_fixed_version_with_lock_files(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.has("app", "shop", "1.0.0", devDependencies={"web": "^1.0.0"})
    lock = {"lockfileVersion": 3, "packages": {
        "node_modules/web": {"version": "1.0.1", "resolved": "x", "integrity": "y", "dev": True}}}  # fmt: skip
    app.files["app/node_modules/.package-lock.json"] = json.dumps(lock).encode()
    app.offer("web", "1.0.5", dependencies={"dep": "^1.0.0"})
    app.offer("web", "1.0.6")
    assert app.patch() == 0
    found = said(capsys)
    assert changed(found) == {("web", "1.0.1", "1.0.5")}
    assert found["Findings"]["After"] == {}
    layer = app.layer()
    assert layer["app/node_modules/web/index.js"] == b"new"
    assert "app/node_modules/web/.wh.old" in layer
    entry = json.loads(layer["app/node_modules/.package-lock.json"] or b"")["packages"]
    assert entry["node_modules/web"]["version"] == "1.0.5"
    assert entry["node_modules/web"]["dev"] is True
    assert entry["node_modules/web"]["integrity"].startswith("sha512-")


def test_what_it_needs_is_raised_or_put_below(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.has("app/node_modules/other", "other", "1.0.0", dependencies={"low": "^1.0.0"})
    app.has("app/node_modules/low", "low", "1.0.0")
    app.offer("web", "1.0.5", dependencies={"dep": "^1.2.0", "low": "^2.0.0", "new": "*"})
    app.offer("dep", "1.2.0")
    app.offer("low", "2.0.0")
    app.offer("new", "3.0.0")
    app.offer("new", "3.1.0")
    assert app.patch() == 0
    assert changed(said(capsys)) == {
        ("web", "1.0.1", "1.0.5"), ("dep", "1.0.0", "1.2.0"), ("low", "", "2.0.0"), ("new", "", "3.1.0"),
    }  # fmt: skip
    layer = app.layer()
    assert "app/node_modules/web/node_modules/low/package.json" in layer
    assert "app/node_modules/low/package.json" not in layer


def test_a_package_that_keeps_it_back_moves_too(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.has("app/node_modules/other", "other", "1.0.0", dependencies={"web": "1.0.1"})
    app.offer("web", "1.0.5", dependencies={"dep": "^1.0.0"})
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert one["Why"] == "other 1.0.0 needs web@1.0.1"
    app.offer("other", "1.0.1", dependencies={"web": "1.0.5"})
    assert app.patch() == 0
    assert changed(said(capsys)) == {("web", "1.0.1", "1.0.5"), ("other", "1.0.0", "1.0.1")}
    manifest = json.loads(app.layer()["app/package.json"] or b"")
    assert manifest["dependencies"] == {"web": "^1.0.0", "other": "1.0.1"}


@pytest.mark.parametrize(("fields", "files", "words"), [
    ({"scripts": {"postinstall": "x"}}, {}, "runs a script when it is installed"),
    ({"hasInstallScript": True}, {}, "runs a script when it is installed"),
    ({}, {"package/binding.gyp": b"{}"}, "has to be compiled"),
    ({"main": "lib/x.js"}, {}, "names as main"),
    ({"peerDependencies": {"react": "^17.0.0"}}, {}, "needs react@^17.0.0 beside it"),
    ({"dependencies": {"lost": "^1.0.0"}}, {}, "which cannot be had"),
])  # fmt: skip
def test_what_would_have_to_run_or_to_be_there_stays(
    app: App, capsys: pytest.CaptureFixture[str], fields: dict[str, Any], files: dict[str, bytes],
    words: str,
) -> None:  # fmt: skip
    app.offer("web", "1.0.5", files, **fields)
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert words in one["Why"]
    assert not app.out.exists()


def test_a_version_with_a_flaw_of_its_own_is_left_behind(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    worse = advisory("TEST-2", "npm", "web", "1.0.8")
    worse["affected"][0]["ranges"][0]["events"][0] = {"introduced": "1.0.5"}
    app.flaws.append(worse)
    app.offer("web", "1.0.5")
    app.offer("web", "1.0.8")
    assert app.patch() == 0
    assert changed(said(capsys)) == {("web", "1.0.1", "1.0.8")}


@pytest.mark.parametrize(("lie", "words"), [
    ("digest", "is not what the registry names"), ("sha1", "is not what the registry names"),
    ("path", "leads out of the package"), ("whiteout", "leads out of the package"),
    ("name", "not web 1.0.5"), ("downgrade", "not web 1.0.5"), ("bomb", "bytes"),
    ("nonsense", "says nonsense"), ("cut", ""),
])  # fmt: skip
def test_what_lies_stops_everything(
    app: App, capsys: pytest.CaptureFixture[str], lie: str, words: str
) -> None:
    files = {"path": {"package/../../x": b""}, "whiteout": {"package/.wh.x": b""},
             "bomb": {"package/zero": bytes(300 << 20)}}.get(lie, {})  # fmt: skip
    name = "other" if lie == "name" else "web"
    version = "1.0.0" if lie == "downgrade" else "1.0.5"
    data = tarball({"name": name, "version": version}, files)
    app.put("web", "1.0.5", data[: len(data) // 2] if lie == "cut" else data)
    dist = app.offers["web"]["1.0.5"]["dist"]
    if lie == "digest":
        app.tarballs[dist["tarball"]] += b"x"
    elif lie == "sha1":
        dist["integrity"] = "sha1-AAAA"
    elif lie == "nonsense":
        app.offers["web"]["1.0.5"]["dist"] = []
    assert app.patch() in (3, 4, 6)
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.err.startswith("pratique: ")
    assert not app.out.exists()


def test_a_link_in_the_way_keeps_it(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    link = tarfile.TarInfo("app/node_modules/web/lib")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        tar.addfile(link)
    app.offer("web", "1.0.5", {"package/lib/passwd": b"root"})
    image = app.folder / "image.tar"
    layers = [layer_tar(app.files), made.getvalue()]
    original = docker_archive(layers)
    app.patch()
    capsys.readouterr()
    image.write_bytes(original)
    with serve(app._answer) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NPM_CONFIG_REGISTRY", server.url)
        out = app.folder / "out2"
        assert main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={out}", "--app",
                     "--json", "--advisories", str(app.folder / "advisories"), "--offline",
                     "--cache-dir", str(app.folder / "cache")]) == 0  # fmt: skip
    [one] = said(capsys)["Staying"]
    assert "in the way" in one["Why"]
    assert not out.exists()
