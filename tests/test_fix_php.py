"""A PHP app, mended: planned, written, installed by Composer, its test run, scanned again.

The repository is on loopback (getcomposer.org/doc/05-repositories.md): names and versions are real,
the contents are a class that knows its version.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from loopback import Answer, Asked, Stub, serve
from test_fix_samples import findings, pratique

PSR7 = {"guzzlehttp/psr7": "^1.7 || ^2.0"}
LOG = {"psr/log": "^1.0"}
NOTHING: dict[str, str] = {}
RELEASES: dict[str, dict[str, dict[str, str]]] = {
    "guzzlehttp/guzzle": dict.fromkeys(("7.3.0", "7.4.2", "7.4.5", "7.12.1", "7.13.0"), PSR7),
    "guzzlehttp/psr7": dict.fromkeys(("1.8.1", "1.8.4", "1.9.1", "2.4.5", "2.12.1"), NOTHING),
    "twig/twig": dict.fromkeys(("2.14.0", "2.14.11", "2.15.3", "2.16.1", "3.27.0"), NOTHING),
    "symfony/http-foundation": dict.fromkeys(("5.4.0", "5.4.20", "5.4.46"), LOG),
    "psr/log": {"1.1.4": NOTHING},
}
COMPOSER_JSON = """\
{{
  "name": "example/shop",
  "repositories": [ {{"packagist.org": false}}, {{"type": "composer", "url": "{url}"}} ],
  "config": {{"secure-http": false, "lock": true}},
  "require": {{
      "guzzlehttp/guzzle":   "~7.3.0",
      "twig/twig": "^2.14",
      "symfony/http-foundation": "5.4.*"
  }},
  "scripts": {{"post-update-cmd": "touch ran-a-script"}}
}}
"""
APP_TEST = r"""<?php
require 'vendor/autoload.php';
foreach (['GuzzlehttpGuzzle', 'GuzzlehttpPsr7', 'TwigTwig', 'SymfonyHttpFoundation'] as $class) {
    echo $class, ' ', ("Sample\\$class")::VERSION, "\n";
}
"""


class Repository:
    """What answers for packages.json and archives; `only_first` as it was years ago."""

    def __init__(self) -> None:
        self.only_first = True
        self.lies = False
        self.url = ""

    def __call__(self, asked: Asked) -> Answer:
        if self.lies:
            return Answer(
                body=b'{"packages": {"guzzlehttp/guzzle": {"7.12.1": {"name": "../x\\n"}}}}'
            )
        if asked.path == "/packages.json":
            body = json.encode({"packages": {name: self._listed(name) for name in RELEASES}})
            return Answer(body=body, headers={"Content-Type": "application/json"})
        name, _, version = asked.path.removeprefix("/dist/").removesuffix(".zip").rpartition("/")
        return Answer(body=archive(name, version)) if name in RELEASES else Answer(404)

    def _listed(self, name: str) -> dict[str, Any]:
        releases = list(RELEASES[name].items())
        return {
            version: {"name": name, "version": version, "require": needs,
                      "autoload": {"classmap": ["."]},
                      "dist": {"type": "zip", "url": f"{self.url}/dist/{name}/{version}.zip"}}
            for version, needs in (releases[:1] if self.only_first else releases)
        }  # fmt: skip


def archive(name: str, version: str) -> bytes:
    words = name.replace("/", "-").split("-")
    source = f"<?php namespace Sample; class {''.join(w.title() for w in words)} {{ const VERSION = '{version}'; }}"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("x/Class.php", source)
    return data.getvalue()


@pytest.fixture
def repository() -> Iterator[tuple[Repository, Stub]]:
    if not shutil.which("composer"):
        pytest.skip("composer is not installed")
    answers = Repository()
    with serve(answers) as stub:
        answers.url = stub.url
        yield answers, stub


def composer(root: Path, *words: str) -> None:
    done = subprocess.run(["composer", *words, "--no-interaction"], cwd=root, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert not done.returncode, done.stdout + done.stderr


def test_a_php_app_is_mended_and_runs(
    repository: tuple[Repository, Stub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, stub = repository
    monkeypatch.setenv("COMPOSER_ALLOW_SUPERUSER", "1")
    monkeypatch.setenv("COMPOSER_HOME", str(tmp_path / "home"))
    root = tmp_path / "app"
    root.mkdir()
    written = COMPOSER_JSON.format(url=stub.url)
    (root / "composer.json").write_text(written)
    (root / "app_test.php").write_text(APP_TEST)
    composer(root, "update", "--no-install", "--no-scripts")
    answers.only_first = False
    before = [f for f in findings(root) if f.get("FixedVersion")]
    assert {f["PkgName"] for f in before} >= {"guzzlehttp/guzzle", "guzzlehttp/psr7", "twig/twig"}

    plan = pratique(root, "fix", "fs", ".", "--json", "--write")

    after = [f for f in findings(root) if f.get("FixedVersion")]
    assert len(after) <= 0.05 * len(before), (plan["Remaining"], plan["Remarks"])
    assert not (root / "ran-a-script").exists()
    lines = (root / "composer.json").read_text().splitlines()
    changed = [n for n, o in zip(lines, written.splitlines(), strict=True) if n != o]
    assert changed == ['      "guzzlehttp/guzzle":   "~7.12.1",', '      "twig/twig": "^3.27.0",']
    composer(root, "install", "--no-scripts")
    said = subprocess.run(
        ["php", "app_test.php"], cwd=root, check=True, capture_output=True, text=True
    )
    assert "GuzzlehttpGuzzle 7.12.1" in said.stdout
    assert pratique(root, "fix", "fs", ".", "--json")["Files"] == []


def test_a_repository_that_lies_changes_nothing(
    repository: tuple[Repository, Stub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, stub = repository
    monkeypatch.setenv("COMPOSER_ALLOW_SUPERUSER", "1")
    monkeypatch.setenv("COMPOSER_HOME", str(tmp_path / "home"))
    root = tmp_path / "app"
    root.mkdir()
    (root / "composer.json").write_text(COMPOSER_JSON.format(url=stub.url))
    composer(root, "update", "--no-install", "--no-scripts")
    before = {path.name: path.read_bytes() for path in root.iterdir()}
    answers.lies = True
    plan = pratique(root, "fix", "fs", ".", "--json", "--write")
    assert (plan["Files"], plan["Changes"]) == ([], [])
    assert plan["Remaining"]
    assert all(one["Why"] for one in plan["Remaining"])
    assert {path.name: path.read_bytes() for path in root.iterdir()} == before
