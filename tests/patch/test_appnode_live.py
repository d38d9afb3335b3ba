"""`patch --app` on real packages of npm's public registry, judged by npm and by Node itself."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from node_app import OS, App, said
from pratique.cli import main

pytestmark = pytest.mark.network
HOST = "registry.npmjs.org"
MANIFEST = {
    "name": "shop", "version": "1.0.0", "private": True,
    "dependencies": {"express": "4.16.0", "lodash": "4.17.15", "minimist": "^1.2.0", "axios": "0.21.0",
                     "moment": "2.24.0"},
    "devDependencies": {"mocha": "8.2.1"},
}  # fmt: skip
PROGRAM = """
const [, ...names] = process.argv
names.forEach(name => require(name))
const app = require('express')()
app.get('/', (asked, answer) => answer.json(require('lodash').pick({a: 1, b: 2}, 'a')))
const server = app.listen(0, '127.0.0.1', async () => {
  const got = await require('axios').get(`http://127.0.0.1:${server.address().port}/`)
  console.log(JSON.stringify(got.data))
  server.close()
})
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    try:
        socket.create_connection((HOST, 443), timeout=5).close()
    except OSError:
        pytest.skip(f"{HOST} cannot be reached")
    one = App(tmp_path)
    one.root = tmp_path / "root"
    for name, data in {**OS, "app/package.json": json.dumps(MANIFEST).encode()}.items():
        (one.root / name).parent.mkdir(parents=True, exist_ok=True)
        (one.root / name).write_bytes(data)
    return one


def run(folder: Path, *words: str, status: int = 0) -> str:
    environment = os.environ | {"npm_config_audit": "false", "npm_config_fund": "false"}
    environment.pop("NPM_CONFIG_REGISTRY", None)
    done = subprocess.run(words, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def patched(app: App, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Patch by the advisories that come along, from the registry that npm is set up with."""
    image = app.image()
    assert main(["patch", "--input", str(image), "-t", "app:2", "-o", f"layout={app.out}", "--app",
                 "--json", "--skip-db-update", "--cache-dir", str(app.folder / "cache")]) in (0, 5)  # fmt: skip
    return said(capsys)


def assert_works(project: Path) -> None:
    run(project, "npm", "ls", "--all")
    names = MANIFEST["dependencies"], MANIFEST["devDependencies"]
    words = sorted(name for group in names if isinstance(group, dict) for name in group)
    assert run(project, "node", "-e", PROGRAM, *words).strip() == '{"a":1}'
    run(project, "node", "node_modules/.bin/mocha", "--version")


def test_what_npm_installed_works_afterwards(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert app.root
    run(app.root / "app", "npm", "install", "--ignore-scripts")
    assert_works(app.root / "app")
    found = patched(app, capsys)
    names = {one["Name"] for one in found["Packages"]}
    assert {"express", "lodash", "axios", "moment"} <= names
    assert not found["Findings"]["New"]
    project = app.unpack(tmp_path / "patched") / "app"
    assert_works(project)
    again = tmp_path / "again"
    again.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(project / name, again / name)
    run(again, "npm", "ci", "--ignore-scripts")
    made, ours = (
        json.loads((one / "node_modules/.package-lock.json").read_text())["packages"]
        for one in (again, project)
    )
    assert made == ours
    shutil.rmtree(app.root)
    shutil.move(tmp_path / "patched", app.root)
    shutil.rmtree(app.out)
    assert patched(app, capsys)["Packages"] == [], "a second run changes nothing"


@pytest.mark.parametrize(("tool", "words", "lock"), [
    ("yarn@1", ("yarn", "install", "--ignore-scripts", "--silent"), "yarn.lock"),
    ("pnpm@9", ("pnpm", "install", "--ignore-scripts", "--silent"), "pnpm-lock.yaml"),
])  # fmt: skip
def test_what_others_installed_works_or_stays(
    app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path, tool: str, words: tuple[str, ...],
    lock: str,
) -> None:  # fmt: skip
    assert app.root
    tools = tmp_path / "tools"
    tools.mkdir()
    run(tools, "npm", "install", "--ignore-scripts", tool)
    program = tools / "node_modules/.bin" / words[0]
    run(app.root / "app", str(program), *words[1:])
    found = patched(app, capsys)
    if words[0] == "pnpm":
        assert not app.out.exists()
        assert found["Packages"] == []
        [why] = {one["Why"] for one in found["Staying"]}
        assert why.startswith("it is in a store of links (pnpm")
        return
    assert {"express", "lodash", "axios"} <= {one["Name"] for one in found["Packages"]}
    assert [n for n in found["Notes"] if n.startswith(f"/app/{lock} names the versions before")]
    assert_works(app.unpack(tmp_path / "patched") / "app")
