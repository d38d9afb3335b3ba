"""`patch --app` on what npm itself installed: npm finds everything as if it had done it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from images import advisory
from node_app import OS, App, changed, said

CLI = b"#!/usr/bin/env node\nconsole.log(require('..'))\n"

pytestmark = pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")


def npm(app: App, folder: Path, *words: str) -> str:
    """Run npm with the registry of an app; return what it prints."""
    quiet = {"audit": "false", "fund": "false", "update_notifier": "false", "ignore_scripts": "true",
             "registry": app.url, "cache": str(app.folder / "npm"),
             "userconfig": str(app.folder / "none")}  # fmt: skip
    environment = os.environ | {f"npm_config_{name}": value for name, value in quiet.items()}
    done = subprocess.run(["npm", *words], cwd=folder, env=environment, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def app(tmp_path: Path) -> App:
    """A project of a web server; its fixed version needs other packages and has other programs."""
    one = App(tmp_path)
    one.offer("web", "1.0.1", {"package/old/gone.js": b"x", "package/bin/a.js": CLI},
              dependencies={"dep": "^1.0.0", "past": "^1.0.0"},
              bin={"web": "bin/a.js", "web-old": "bin/a.js"})  # fmt: skip
    one.offer("past", "1.0.0", {"package/cli.js": CLI}, bin="./cli.js",
              dependencies={"@old/inner": "*"})  # fmt: skip
    one.offer("@old/inner", "1.0.0")
    one.offer("dep", "1.0.0")
    one.offer("low", "1.0.0")
    one.offer("other", "1.0.0", dependencies={"low": "^1.0.0", "web": "^1.0.1"})
    one.offer("test", "1.0.0", dependencies={"helper": "^1.0.0", "kept": "^2.0.0"})
    one.offer("helper", "1.0.0")
    one.offer("kept", "2.0.0")
    one.root = tmp_path / "root"
    project = one.root / "app"
    project.mkdir(parents=True)
    manifest = {"name": "shop", "version": "1.0.0", "dependencies": {"web": "1.0.1", "other": "^1"},
                "devDependencies": {"test": "1.0.0"}}  # fmt: skip
    (project / "package.json").write_text(json.dumps(manifest, indent=4) + "\n")
    for name, data in OS.items():
        (one.root / name).parent.mkdir(parents=True)
        (one.root / name).write_bytes(data)
    return one


def offer_fixed(app: App) -> None:
    app.flaws = [advisory("TEST-1", "npm", "web", "1.0.5"), advisory("TEST-2", "npm", "helper", "1.0.1")]  # fmt: skip
    app.offer("web", "1.0.5", {"package/lib/b.js": CLI}, bin={"web": "./lib/b.js", "web-new": "lib/b.js"},
              dependencies={"dep": "^1.2.0", "low": "^2.0.0", "@new/plain": "*", "kept": "^2.0.0"})  # fmt: skip
    app.offer("dep", "1.2.0", funding="https://example.com/fund")
    app.offer("low", "2.0.0")
    app.offer("@new/plain", "3.0.0", {"package/run.js": CLI}, bin="run.js")
    app.offer("helper", "1.0.1", dependencies={"inner": "*"})
    app.offer("inner", "0.1.0")


@pytest.mark.parametrize("lock", ["1", "2", "3", ""])
def test_npm_would_have_installed_the_same(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path, lock: str
) -> None:
    assert app.root
    with app.served():
        words = [f"--lockfile-version={lock}"] if lock else ["--no-package-lock"]
        npm(app, app.root / "app", "install", *words)
        offer_fixed(app)
        assert app.patch() == 0
        found = said(capsys)
        assert changed(found) == {
            ("web", "1.0.1", "1.0.5"), ("dep", "1.0.0", "1.2.0"), ("low", "", "2.0.0"),
            ("@new/plain", "", "3.0.0"), ("helper", "1.0.0", "1.0.1"), ("inner", "", "0.1.0"),
        }  # fmt: skip
        gone = [note for note in found["Notes"] if "nothing needs it any more" in note]
        assert [note.partition(" ")[0] for note in gone] == ["@old/inner", "past"]
        patched = app.unpack(tmp_path / "patched") / "app"
        npm(app, patched, "ls", "--all")
        assert _written(patched / "package.json")["dependencies"] == {"web": "1.0.5", "other": "^1"}
        if lock:
            again = tmp_path / "again"
            again.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(patched / name, again / name)
            npm(app, again, "ci")
            assert _tree(again) == _tree(patched)
            (again / "package-lock.json").unlink()
            npm(app, again, "install", "--package-lock-only", f"--lockfile-version={lock}")
            made, ours = ((one / "package-lock.json").read_text() for one in (again, patched))
            assert made == ours


def test_a_project_without_what_is_for_development(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert app.root
    with app.served():
        npm(app, app.root / "app", "install")
        npm(app, app.root / "app", "prune", "--omit=dev")
        offer_fixed(app)
        assert app.patch() == 0
        assert ("helper", "1.0.0", "1.0.1") not in changed(said(capsys))
        patched = app.unpack(tmp_path / "patched") / "app"
        npm(app, patched, "ls", "--all", "--omit=dev")
        entry = _written(patched / "package-lock.json")["packages"]["node_modules/kept"]
        assert "dev" not in entry, "what is needed in production now is marked so"


def test_workspaces(app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What one of them needs is no more for development, whatever the others say; its pin moves."""
    assert app.root
    top = {
        "name": "all",
        "private": True,
        "workspaces": ["parts/*"],
        "devDependencies": {"low": "*"},
    }
    part = {"name": "part", "version": "1.0.0", "dependencies": {"web": "1.0.1", "low": "^1.0.0"}}
    (app.root / "app/parts/part").mkdir(parents=True)
    (app.root / "app/package.json").write_text(json.dumps(top))
    (app.root / "app/parts/part/package.json").write_text(json.dumps(part))
    with app.served():
        npm(app, app.root / "app", "install")
        offer_fixed(app)
        assert app.patch() == 0
        assert ("web", "1.0.1", "1.0.5") in changed(said(capsys))
        patched = app.unpack(tmp_path / "patched") / "app"
        npm(app, patched, "ls", "--all")
        again = tmp_path / "again"
        shutil.copytree(patched, again, ignore=shutil.ignore_patterns("node_modules"))
        npm(app, again, "ci")
        assert _tree(again) == _tree(patched)
        (again / "package-lock.json").unlink()
        npm(app, again, "install", "--package-lock-only")
        made, ours = ((one / "package-lock.json").read_text() for one in (again, patched))
        assert made == ours


def test_what_is_for_other_systems_is_in_the_lock_file(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """npm writes optional packages of all systems, and `npm ci` wants them there."""
    assert app.root
    app.offer("web", "1.0.2", optionalDependencies={"mac": "^1.0.0"})
    app.offer("mac", "1.0.0", os=["darwin"])
    manifest = {"name": "shop", "version": "1.0.0", "dependencies": {"web": "1.0.2"}}
    (app.root / "app/package.json").write_text(json.dumps(manifest))
    with app.served():
        npm(app, app.root / "app", "install")
        app.offer("web", "1.0.5", optionalDependencies={"mac": "^1.1.0", "@win/x64": "^2.0.0"})
        app.offer("mac", "1.1.0", os=["darwin"])
        app.offer("@win/x64", "2.0.0", os=["win32"], cpu=["x64"], hasInstallScript=True)
        assert app.patch() == 0
        assert changed(said(capsys)) == {("web", "1.0.2", "1.0.5")}
        patched = app.unpack(tmp_path / "patched") / "app"
        npm(app, patched, "ls", "--all")
        again = tmp_path / "again"
        again.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(patched / name, again / name)
        npm(app, again, "ci")
        assert _tree(again) == _tree(patched)
        (again / "package-lock.json").unlink()
        npm(app, again, "install", "--package-lock-only")
        made, ours = (_written(one / "package-lock.json") for one in (again, patched))
        assert made["packages"].keys() == ours["packages"].keys()


def test_a_project_at_the_root(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert app.root
    shutil.move(app.root / "app/package.json", app.root)
    with app.served():
        npm(app, app.root, "install")
        offer_fixed(app)
        assert app.patch() == 0
        assert "/package.json asks for the versions that are there now" in said(capsys)["Notes"]
        patched = app.unpack(tmp_path / "patched")
        npm(app, patched, "ls", "--all")
        npm(app, patched, "ci")


def _written(path: Path) -> Any:
    return json.loads(path.read_text())


def _tree(project: Path) -> dict[str, str]:
    """Return the content of node_modules: files, targets of links."""
    found = {}
    for path in (project / "node_modules").rglob("*"):
        name = str(path.relative_to(project))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.name == ".package-lock.json":
            found[name] = json.dumps(_written(path)["packages"], sort_keys=True)
        elif path.is_file():
            mode = "x" if os.access(path, os.X_OK) else "-"
            found[name] = f"{mode} {path.read_text()}"
    return found
