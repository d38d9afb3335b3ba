"""Lock files that do not tell what a project asks for, read with the manifest beside them."""

from __future__ import annotations

import json

import pytest

from locks import LOCKS
from pratique.analyzers.composer import composer
from pratique.analyzers.julia_manifest import julia_manifest
from pratique.analyzers.npm_lock import npm_lock
from pratique.analyzers.pdm import pdm
from pratique.analyzers.pipenv import pipenv
from pratique.analyzers.poetry import poetry
from pratique.analyzers.pylock import pylock
from pratique.analyzers.yarn import yarn
from pratique.codecs import node_project, python_project
from pratique.model.analyzer import Analyzer
from pratique.model.inventory import Package
from reading import read_as_far_as_possible

POETRY = b"""[tool.poetry.dependencies]
python = "^3.11"
HTTPX = "0.27.0"
[tool.poetry.group.qa.dependencies]
pluggy = "1.5.0"
"""
PDM = b"""[project]
dependencies = ["httpx==0.27.0"]
[dependency-groups]
dev = ["pluggy"]
all = [{include-group = "dev"}]
"""
PIPFILE = b'[packages]\nhttpx = "*"\n[dev-packages]\npluggy = {version = "*"}\n'
SHOP = {
    "dependencies": {"chalk": "4.1.0", "lodash4": "npm:lodash@4.17.20"},
    "optionalDependencies": {"nanoid": "3.3.4"},
    "devDependencies": {"debug": "4.3.4"},
}
CART = {"devDependencies": {"ms": "2.0.0"}}


def read(analyzer: Analyzer, lock: str, manifest: str, data: bytes, **more: bytes) -> list[Package]:
    """Read a lock file as if it stood in a folder with others."""
    others = {f"web/{manifest}": data, **more}
    path = f"web/{lock.rpartition('/')[2]}"
    packages, error = read_as_far_as_possible(
        analyzer, path, (LOCKS / lock).read_bytes(), others
    )  # fmt: skip
    assert error == ""
    return packages


def direct(packages: list[Package]) -> list[str]:
    assert {package.relation for package in packages} <= {"direct", "indirect"}
    return [package.name for package in packages if package.relation == "direct"]


def dev(packages: list[Package]) -> list[str]:
    return [package.name for package in packages if package.dev]


@pytest.mark.parametrize(
    ("analyzer", "lock", "manifest", "data"),
    [
        (poetry, "poetry1/poetry.lock", "pyproject.toml", POETRY),
        (poetry, "poetry2/poetry.lock", "pyproject.toml", POETRY),
        (poetry, "poetry2/poetry.lock", "pyproject.toml", PDM),
        (pdm, "pdm/pdm.lock", "pyproject.toml", PDM),
        (pipenv, "pipenv/Pipfile.lock", "Pipfile", PIPFILE),
        (pylock, "uv/pylock.toml", "pyproject.toml", PDM),
    ],
)
def test_a_python_project_tells_what_is_direct(
    analyzer: Analyzer, lock: str, manifest: str, data: bytes
) -> None:
    packages = read(analyzer, lock, manifest, data)
    assert direct(packages) == ["httpx", "pluggy"]
    if analyzer is not pylock:
        assert dev(packages) == ["pluggy"]
    without = read(analyzer, lock, "nothing", b"")
    assert {package.relation for package in without} == {""}
    assert len(without) == len(packages)


def test_until_poetry_2_its_project_tells_what_is_for_development() -> None:
    lock = b"".join(
        b'[[package]]\nname = "%s"\nversion = "1"\n' % name for name in (b"h11", b"httpx", b"pluggy")
    ).replace(b'name = "httpx"\nversion = "1"\n',
              b'name = "httpx"\nversion = "1"\n[package.dependencies]\nh11 = "*"\n')  # fmt: skip
    others = {"pyproject.toml": POETRY}
    packages, _ = read_as_far_as_possible(poetry, "poetry.lock", lock, others)
    assert direct(packages) == ["httpx", "pluggy"]
    assert dev(packages) == ["pluggy"]


@pytest.mark.parametrize(
    ("analyzer", "lock"), [(yarn, "yarn1/yarn.lock"), (npm_lock, "npm1/package-lock.json")]
)
def test_a_node_project_tells_what_is_direct(analyzer: Analyzer, lock: str) -> None:
    packages = read(analyzer, lock, "package.json", json.dumps(SHOP).encode())
    asked = [f"{p.name}@{p.version}" for p in packages if p.relation == "direct"]
    assert set(asked) == {"chalk@4.1.0", "debug@4.3.4", "lodash@4.17.20", "nanoid@3.3.4"}
    assert {"debug", "ms"} >= set(dev(packages))


def test_a_workspace_of_yarn_1_leaves_open_what_is_for_development() -> None:
    shop = json.dumps({"workspaces": ["packages/*"], "dependencies": {"chalk": "4.1.0"}})
    packages = read(yarn, "yarn1/yarn.lock", "package.json", shop.encode())
    assert {"chalk", "debug", "lodash"} <= set(direct(packages))  # nothing else needs them
    assert dev(packages) == []


def test_of_each_workspace_of_yarn_2_the_project_is_asked() -> None:
    shop, cart = (json.dumps(project).encode() for project in (SHOP, CART))
    more = {"web/packages/cart/package.json": cart}
    packages = read(yarn, "berry4/yarn.lock", "package.json", shop, **more)
    assert [f"{p.name}@{p.version}" for p in packages if p.dev] == [
        "debug@4.3.4", "ms@2.0.0", "ms@2.1.2",
    ]  # fmt: skip
    assert dev(read(yarn, "berry4/yarn.lock", "package.json", shop)) == []


def test_a_project_of_composer_tells_what_is_direct() -> None:
    lock = json.loads((LOCKS / "composer/composer.lock").read_bytes())
    name = lock["packages"][0]["name"]
    data = json.dumps({"require": {"php": ">=8", name.upper(): "*"}, "require-dev": []}).encode()
    packages = read(composer, "composer/composer.lock", "composer.json", data)
    assert direct(packages) == [name]


def test_a_project_of_julia_tells_what_is_direct() -> None:
    packages = read(julia_manifest, "julia2/Manifest.toml", "nothing", b"")
    name = packages[0].name
    data = f'[deps]\n{name} = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"\n'.encode()
    assert direct(read(julia_manifest, "julia2/Manifest.toml", "Project.toml", data)) == [name]


@pytest.mark.parametrize("data", [b"", b"{", b"[", b"\xff", b"[project]\ndependencies = 7\n"])
def test_a_broken_manifest_tells_nothing(data: bytes) -> None:
    assert not python_project.read_project(data).all
    assert not python_project.read_pipfile(data).all
    assert node_project.read_project(data) is None
