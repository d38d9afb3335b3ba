"""`patch --app`: packages of npm in the place of others; registries and tarballs that lie."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from images import advisory
from node_app import App, changed, said, tarball


@pytest.fixture
def app(tmp_path: Path) -> App:
    one = App(tmp_path)
    one.has("app", "shop", "1.0.0", dependencies={"web": "^1.0.0", "other": "1.0.0"})
    one.has("app/node_modules/web", "web", "1.0.1", dependencies={"dep": "^1.0.0"})
    one.files["app/node_modules/web/old/gone.js"] = b"x"
    one.has("app/node_modules/dep", "dep", "1.0.0")
    one.has("app/node_modules/other", "other", "1.0.0")
    return one


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
    app.more.append(made.getvalue())
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert "in the way" in one["Why"]
    assert not app.out.exists()
