"""The lock files of Pipenv, Poetry, PDM, uv and pip say the same of the same project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from locks import locked
from pratique.analyzers.conda_environment import conda_environment
from pratique.analyzers.conda_installed import conda_installed
from pratique.analyzers.conda_lock import conda_lock
from pratique.analyzers.pdm import pdm
from pratique.analyzers.pipenv import pipenv
from pratique.analyzers.poetry import poetry
from pratique.analyzers.pylock import pylock
from pratique.analyzers.requirements import requirements
from pratique.analyzers.uv import uv
from pratique.model.analyzer import Analyzer
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TOML = [
    "poetry1/poetry.lock", "poetry2/poetry.lock", "pdm/pdm.lock", "uv/uv.lock", "uv/pylock.toml",
]  # fmt: skip
FILES = [*TOML, "pipenv/Pipfile.lock", "uv/requirements.txt"]
NAMES = {
    "anyio@4.16.0", "certifi@2026.10.19.post1", "h11@0.16.0", "httpcore@1.0.9", "httpx@0.27.0",
    "idna@3.20", "pluggy@1.5.0", "sniffio@1.3.1", "typing-extensions@4.16.0",
}  # fmt: skip
NEEDS = {
    "anyio@4.16.0": ("idna@3.20", "typing-extensions@4.16.0"),
    "httpcore@1.0.9": ("certifi@2026.10.19.post1", "h11@0.16.0"),
    "idna@3.20": (),
}
HTTPX = {
    "sha256:71d5465162c13681bff01ad59b2cc68dd838ea1f10e51574bac27103f00c91a5",
    "sha256:a0cb88a46f32dc874e04ee956e4c2764aba2aa228f650b06788ba6bda2962ab5",
}


@pytest.mark.parametrize("file", FILES)
def test_every_package_is_named_with_its_digests(file: str) -> None:
    packages = locked(file)
    assert packages.keys() - {"shop@0.3.0"} == NAMES
    assert set(packages["httpx@0.27.0"].hashes) == HTTPX
    assert {package.type for package in packages.values()} == {"pypi"}


@pytest.mark.parametrize("file", [file for file in TOML if "pylock" not in file])
def test_what_needs_what_is_told(file: str) -> None:
    packages = locked(file)
    assert {id: packages[id].depends for id in NEEDS} == NEEDS


@pytest.mark.parametrize(
    "file", [file for file in FILES if file not in ("uv/pylock.toml", "uv/requirements.txt")]
)
def test_what_only_development_needs_is_marked(file: str) -> None:
    assert [id for id, package in locked(file).items() if package.dev] == ["pluggy@1.5.0"]


def test_uv_tells_the_project_and_what_it_asks_for() -> None:
    packages = locked("uv/uv.lock")
    roles = {package.name: package.relation for package in packages.values()}
    assert [name for name, role in roles.items() if role == "direct"] == ["httpx", "pluggy"]
    assert [name for name, role in roles.items() if role == "root"] == ["shop"]
    assert packages["shop@0.3.0"].depends == ("httpx@0.27.0", "pluggy@1.5.0")


@pytest.mark.parametrize(
    ("file", "line"),
    [("poetry1/poetry.lock", 63), ("pdm/pdm.lock", 61), ("uv/uv.lock", 48), ("uv/pylock.toml", 34),
     ("pipenv/Pipfile.lock", 48), ("uv/requirements.txt", 19)],
)  # fmt: skip
def test_the_line_is_where_the_entry_begins(file: str, line: int) -> None:
    assert locked(file)["httpx@0.27.0"].line == line


def test_members_of_a_workspace_of_uv_are_told_from_its_root() -> None:
    data = b"""version = 1
[manifest]
members = ["cart", "shop"]
[[package]]
name = "a"
version = "1"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "a"
version = "2"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "cart"
version = "0.1"
source = { editable = "packages/cart" }
dependencies = [{ name = "a", version = "2" }]
[[package]]
name = "shop"
source = { virtual = "." }
dependencies = [{ name = "cart" }]
[package.dev-dependencies]
dev = [{ name = "a", version = "1" }]
"""
    found = {f"{p.name}@{p.version}": p for p in packages_of(uv, "uv.lock", data)}
    assert {id: one.relation for id, one in found.items()} == {
        "a@1": "direct", "a@2": "direct", "cart@0.1": "workspace", "shop@": "root",
    }  # fmt: skip
    assert [id for id, one in found.items() if one.dev] == ["a@1"]
    assert found["cart@0.1"].depends == ("a@2",)


def test_version_1_of_poetry_keeps_digests_apart() -> None:
    digest = "a" * 64
    data = f"""[[package]]
name = "Jinja2"
version = "3.0"
category = "dev"
[package.dependencies]
MarkupSafe = ">=2"
[[package]]
name = "markupsafe"
version = "2.0"
[metadata.files]
Jinja2 = [{{file = "j.whl", hash = "sha256:{digest}"}}]
"""
    jinja, safe = packages_of(poetry, "poetry.lock", data.encode())
    assert (jinja.dev, jinja.depends, jinja.hashes) == (
        True, ("markupsafe@2.0",), (f"sha256:{digest}",),
    )  # fmt: skip
    assert (safe.dev, safe.hashes) == (False, ())


def test_pdm_gives_a_package_and_its_extras_once(corpus: Corpus) -> None:
    path = "pdm/anchore+syft/syft/pkg/cataloger/python/testdata/pdm-lock-extras/pdm.lock"
    packages = packages_of(pdm, "pdm.lock", corpus(path).read_bytes())
    assert versions_of(packages) == {
        "coverage": "7.4.1", "pytest": "8.0.1", "pytest-cov": "4.1.0", "tomli": "2.0.1",
        "uvloop": "0.19.0",
    }  # fmt: skip
    (coverage,) = [package for package in packages if package.name == "coverage"]
    assert coverage.depends == ("tomli@2.0.1",)


def test_what_a_pipfile_takes_from_a_repository_has_no_version() -> None:
    data = b"""{"default": {"a": {"git": "https://e.org/a", "ref": "c0ffee"},
 "b": {"version": "==1.0"}}, "develop": {"b": {"version": "==1.0"}, "c": {"version": "==2.0"}}}"""
    packages = packages_of(pipenv, "Pipfile.lock", data)
    assert [(package.name, package.dev) for package in packages] == [("b", False), ("c", True)]


def test_a_project_in_pylock_has_no_version(corpus: Corpus) -> None:
    path = "pylock/aquasecurity+trivy/pkg/fanal/analyzer/language/python/pylock/testdata/happy/"
    packages = packages_of(pylock, "pylock.toml", corpus(f"{path}pylock.toml").read_bytes())
    assert len(packages) == 11
    assert ("pygments", "2.19.2") in versions_of(packages).items()


def read(data: bytes, path: str = "requirements.txt") -> tuple[dict[str, str], str]:
    packages, error = read_as_far_as_possible(requirements, path, data)
    return versions_of(packages), error


@pytest.mark.parametrize(
    "line",
    ["-r base-requirements.txt", "-rbase-requirements.txt", "--requirement=../requirements/x.txt",
     "-r requirements/prod.txt", "-c constraints.txt"],
)  # fmt: skip
def test_an_included_file_that_is_read_for_itself_is_no_problem(line: str) -> None:
    assert read(f"a==1\n{line}\n".encode(), "web/requirements.txt") == ({"a": "1"}, "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-r base.txt", "line 2: base.txt is not there"),
        ("--requirement ../../requirements.txt", "line 2: ../../requirements.txt is not there"),
        ("-c pins.txt\nb>=1", "line 2: pins.txt is not there"),
    ],
)
def test_an_included_file_that_is_not_there_is_said(line: str, said: str) -> None:
    versions, error = read(f"a==1\n{line}\n".encode(), "web/requirements.txt")
    assert versions == {"a": "1"}
    assert error.startswith(said)


CONDA_LOCK = b"""version: 1
metadata: {content_hash: {linux-64: abc}}
package:
- name: numpy
  version: '1.10'
  manager: conda
  platform: linux-64
  dependencies: {libblas: '>=3.9', python: '>=3.10'}
  url: https://e.org/numpy.conda
  hash: {md5: 0123456789abcdef0123456789abcdef}
  category: main
  optional: false
- {name: numpy, version: '1.10', manager: conda, platform: osx-64, category: main,
   hash: {md5: fedcba9876543210fedcba9876543210}, dependencies: {}}
- {name: libblas, version: 3.9.0, manager: conda, platform: linux-64, category: dev}
- {name: flask, version: 3.0.0, manager: pip, platform: linux-64, category: main}
"""


def test_conda_lock_gives_the_platforms_of_a_package_as_one() -> None:
    packages = {p.name: p for p in packages_of(conda_lock, "conda-lock.yml", CONDA_LOCK)}
    assert {name: (p.type, p.version, p.dev, p.line) for name, p in packages.items()} == {
        "numpy": ("conda", "1.10", False, 4),
        "libblas": ("conda", "3.9.0", True, 15),
        "flask": ("pypi", "3.0.0", False, 16),
    }
    assert packages["numpy"].depends == ("libblas@3.9.0",)
    assert len(packages["numpy"].hashes) == 2


def test_a_record_of_conda_is_one_package() -> None:
    data = b"""{"name": "openssl", "version": "3.0.8", "build": "h7f8727e_0", "license": "Apache-2.0",
 "sha256": null, "md5": "0123456789abcdef0123456789abcdef", "depends": ["ca-certificates"]}"""
    path = "opt/conda/conda-meta/openssl-3.0.8-h7f8727e_0.json"
    (package,) = packages_of(conda_installed, path, data)
    assert (package.type, package.name, package.version) == ("conda", "openssl", "3.0.8")
    assert package.licenses == ("Apache-2.0",)
    assert package.hashes == ("md5:0123456789abcdef0123456789abcdef",)


ENVIRONMENT = b"""name: shop
channels: [conda-forge]
dependencies:
  - python=3.11.4=h955ad1f_0
  - conda-forge::numpy=1.26
  - "scipy==1.11.1"
  - pandas>=2
  - pip
  # a comment
  - pip:
    - flask==3.0.0
    - requests>=2
"""


def test_an_environment_names_what_it_pins_for_conda_and_pip() -> None:
    packages = packages_of(conda_environment, "environment.yml", ENVIRONMENT)
    assert [(p.type, p.name, p.version, p.line) for p in packages] == [
        ("conda", "python", "3.11.4", 4),
        ("conda", "numpy", "1.26", 5),
        ("conda", "scipy", "1.11.1", 6),
        ("pypi", "flask", "3.0.0", 11),
    ]


SHAPES = [poetry, pdm, uv, pylock, pipenv, conda_lock, conda_environment, conda_installed]


@pytest.mark.parametrize("analyzer", SHAPES, ids=lambda one: str(one.name))
@pytest.mark.parametrize("data", [b"[", b"package = 1", b"{" * 5000, b"a = " + b"[" * 100_000])
def test_other_shapes_are_malformed(analyzer: Analyzer, data: bytes) -> None:
    assert read_as_far_as_possible(analyzer, "lock", data)[1]
