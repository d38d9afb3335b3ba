"""`patch --app`: packages of npm in the place of others; registries and tarballs that lie."""

from __future__ import annotations

import io
import json
import shutil
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
    ({"scripts": {"install": "node-gyp rebuild"}}, {}, "runs a script when it is installed (install)"),
    ({}, {"package/binding.gyp": b"{}"}, "has to be compiled"),
    ({"gypfile": True}, {}, "has to be compiled"),
    ({"os": ["darwin"]}, {}, "is for another system"),
    ({}, {"package/node_modules/x/package.json": b"{}"}, "brings packages of its own"),
    ({"dependencies": {"../../../etc": "1.0.0"}}, {}, "needs ../../../etc@1.0.0, which cannot be had"),
    ({"type": "module", "exports": "./index.js"}, {}, "can be imported alone"),
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
    ("digest", "is not what the registry names"), ("integrity", "is not what the registry names"),
    ("clash", "is a file and a folder"), ("absolute", "leads out of the package"), ("path", "leads out of the package"), ("whiteout", "leads out of the package"),
    ("name", "not web 1.0.5"), ("downgrade", "not web 1.0.5"), ("bomb", "bytes"),
    ("nonsense", "says nonsense"), ("cut", ""),
])  # fmt: skip
def test_what_lies_stops_everything(
    app: App, capsys: pytest.CaptureFixture[str], lie: str, words: str
) -> None:
    files = {"clash": {"package/a": b"", "package/a/b": b""}, "absolute": {"/etc/passwd": b""},
             "path": {"package/../../x": b""}, "whiteout": {"package/.wh.x": b""},
             "bomb": {"package/zero": bytes(300 << 20)}}.get(lie, {})  # fmt: skip
    name = "other" if lie == "name" else "web"
    version = "1.0.0" if lie == "downgrade" else "1.0.5"
    data = tarball({"name": name, "version": version}, files)
    app.put("web", "1.0.5", data[: len(data) // 2] if lie == "cut" else data)
    dist = app.offers["web"]["1.0.5"]["dist"]
    if lie == "digest":
        app.tarballs[dist["tarball"]] += b"x"
    elif lie == "integrity":
        dist["integrity"] = "sha512-AAAA"
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


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_a_tarball_with_a_link_stays_out(
    app: App, capsys: pytest.CaptureFixture[str], kind: bytes
) -> None:
    made = io.BytesIO()
    manifest = json.dumps({"name": "web", "version": "1.0.5"}).encode()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        info = tarfile.TarInfo("package/package.json")
        info.size = len(manifest)
        tar.addfile(info, io.BytesIO(manifest))
        link = tarfile.TarInfo("package/lib")
        link.type, link.linkname = kind, "/etc/passwd"
        tar.addfile(link)
    app.put("web", "1.0.5", made.getvalue())
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert one["Why"] == "web 1.0.5 has a link or a device in it (lib)"
    assert not app.out.exists()


def test_what_the_registry_hides_is_seen_in_the_tarball(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """What npm is told of a version and what its package.json says need not be the same."""
    data = tarball({"name": "web", "version": "1.0.5", "cpu": ["arm64"]}, {})
    app.put("web", "1.0.5", data)
    data = tarball({"name": "web", "version": "1.0.6", "scripts": {"preinstall": "x"}}, {})
    app.put("web", "1.0.6", data)
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert one["Why"] == "web 1.0.5 is for another system"


def test_a_weak_digest_is_not_enough(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.offer("web", "1.0.5")
    app.offers["web"]["1.0.5"]["dist"]["integrity"] = "sha1-AAAA"
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert one["Why"] == "the registry names no SHA-512 of web-1.0.5.tgz"


def test_a_release_that_was_taken_back_is_passed_over(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.offer("web", "1.0.5", deprecated="broken, use 1.0.6")
    app.offer("web", "1.0.6")
    assert app.patch() == 0
    assert changed(said(capsys)) == {("web", "1.0.1", "1.0.6")}


def _link(tar: tarfile.TarFile, path: str, target: str) -> None:
    info = tarfile.TarInfo(path)
    info.type, info.linkname = tarfile.SYMTYPE, target
    tar.addfile(info)


def test_a_store_of_links_needs_a_build(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    store = "app/node_modules/.pnpm/web@1.0.1/node_modules/web"
    app.files = {path: data for path, data in app.files.items() if "/web/" not in path}
    app.has(store, "web", "1.0.1")
    app.files["app/pnpm-lock.yaml"] = b"lockfileVersion: '9.0'\n"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        _link(tar, "app/node_modules/web", ".pnpm/web@1.0.1/node_modules/web")
    app.more.append(made.getvalue())
    app.offer("web", "1.0.5")
    assert app.patch() == 0
    [one] = said(capsys)["Staying"]
    assert "a store of links (pnpm" in one["Why"]
    assert not app.out.exists()


def test_locks_of_others_are_told(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.files["app/yarn.lock"] = b'web@^1.0.0:\n  version "1.0.1"\n'
    app.files["app/package-lock.json"] = b"{"
    app.offer("web", "1.0.5")
    assert app.patch() == 0
    notes = said(capsys)["Notes"]
    assert "/app/package-lock.json cannot be read; it names the versions before" in notes
    assert [note for note in notes if note.startswith("/app/yarn.lock names the versions before")]


def test_records_that_disagree_are_both_satisfied_if_possible(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.flaws[0]["aliases"] = ["CVE-2026-1"]
    app.flaws.append(advisory("TEST-2", "npm", "web", "1.1.0", aliases=["CVE-2026-1"]))
    app.offer("web", "1.0.5")
    assert app.patch() == 0
    found = said(capsys)
    assert changed(found) == {("web", "1.0.1", "1.0.5")}
    [stays] = found["Staying"]
    assert (stays["Version"], stays["Why"]) == ("1.0.5", "no version >=1.1.0 of it can be had")
    shutil.rmtree(app.out)
    app.offer("web", "1.1.0")
    assert app.patch() == 0
    assert changed(said(capsys)) == {("web", "1.0.1", "1.1.0")}


def test_what_moves_together_is_settled_together(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two packages of one release ask for the same third: it is raised, not put in twice."""
    app.has("app", "shop", "1.0.0", dependencies={"web": "^1.0.0"})
    app.has("app/node_modules/web", "web", "1.0.1", dependencies={"dep": "1.0.0", "other": "1.0.0"})
    app.has("app/node_modules/other", "other", "1.0.0", dependencies={"dep": "1.0.0"})
    app.offer("web", "1.0.5", dependencies={"dep": "2.0.0", "other": "2.0.0"})
    app.offer("other", "2.0.0", dependencies={"dep": "2.0.0"})
    app.offer("dep", "2.0.0")
    assert app.patch() == 0
    found = said(capsys)
    assert {p["Path"] for p in found["Packages"]} == {
        f"app/node_modules/{name}" for name in ("web", "dep", "other")
    }
