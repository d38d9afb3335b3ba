from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.npm_lock import npm_lock
from pratique.model.inventory import Package
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TRIVY = "npm/aquasecurity+trivy/pkg/dependency/parser/nodejs/npm/testdata/"
SYFT = "npm/anchore+syft/syft/pkg/cataloger/javascript/testdata/pkg-lock/"


def read(data: bytes) -> list[Package]:
    return packages_of(npm_lock, "web/package-lock.json", data)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_all_lock_file_versions_name_the_same_packages(corpus: Corpus, version: int) -> None:
    packages = read(corpus(f"{TRIVY}package-lock_v{version}.json").read_bytes())
    by_id = {f"{package.name} {package.version}": package for package in packages}
    assert len(packages) == len(by_id) == 31
    assert [name for name in by_id if by_id[name].dev] == ["debug 2.5.2", "ms 0.7.2"]
    assert by_id["body-parser 1.18.3"].line == (18 if version == 1 else 38)


@pytest.mark.parametrize("version", [2, 3])
def test_what_the_root_asks_for_is_direct(corpus: Corpus, version: int) -> None:
    packages = read(corpus(f"{TRIVY}package-lock_v{version}.json").read_bytes())
    assert {package.name for package in packages if package.relation == "direct"} == {
        "@babel/helper-string-parser", "body-parser", "debug", "finalhandler", "ms", "promise",
    }  # fmt: skip


@pytest.mark.parametrize("file", ["alias-package-lock-1.json", "alias-package-lock-2.json"])
def test_an_alias_gives_the_real_name(corpus: Corpus, file: str) -> None:
    found = {(package.name, package.version) for package in read(corpus(SYFT + file).read_bytes())}
    assert found == {("case", "1.6.2"), ("case", "1.6.3"), ("@bundled-es-modules/chai", "4.2.2")}


def test_a_version_that_is_needed_by_more_than_development_is_not_for_it(corpus: Corpus) -> None:
    data = corpus(f"{TRIVY}package-lock_v3_with-same-dev-and-non-dev.json").read_bytes()
    dev = {package.name: package.dev for package in read(data)}
    assert dev == {"fsevents": True, "minimist": False, "mkdirp": True, "node-pre-gyp": True}


def test_a_link_is_a_workspace_with_its_own_version_and_line(corpus: Corpus) -> None:
    packages = read(corpus(f"{TRIVY}package-lock_v3_with_workspace.json").read_bytes())
    workspaces = [package for package in packages if package.relation == "workspace"]
    assert [(one.name, one.version, one.line) for one in workspaces] == [
        ("function1", "", 18),
        ("nested_func", "1.0.0", 24),
    ]


def test_a_link_to_nowhere_is_left_out(corpus: Corpus) -> None:
    assert read(corpus(f"{TRIVY}package-lock_v3_broken_link.json").read_bytes()) == []


def test_licenses_are_those_of_the_entry(corpus: Corpus) -> None:
    data = corpus(f"{TRIVY}package-lock_v3_with_legacy_licenses.json").read_bytes()
    assert {package.name: package.licenses for package in read(data)} == {
        "mustache": ("MIT",),
        "pause-stream": ("MIT", "Apache2"),
        "tv4": ("Public Domain", "MIT"),
    }


def test_a_git_dependency_has_a_version_in_version_2_and_a_url_before() -> None:
    url = "git+ssh://git@e.org/a.git#c0ffee"
    old = {"dependencies": {"a": {"version": url}, "b": {"version": "file:../b"}, "c": {}}}
    new = {"packages": {"": {}, "node_modules/a": {"version": "1.0.0", "resolved": url}}}
    packages = read(json.dumps(old).encode())
    assert versions_of(packages) == {"a": url, "b": ""}
    assert versions_of(read(json.dumps(new).encode())) == {"a": "1.0.0"}


def test_the_lock_file_of_a_dependency_is_not_read() -> None:
    data = b'{"dependencies": {"a": {"version": "1"}}}'
    assert packages_of(npm_lock, "node_modules/x/package-lock.json", data) == []
    assert versions_of(packages_of(npm_lock, "npm-shrinkwrap.json", data)) == {"a": "1"}


def test_a_large_real_file_is_read(corpus: Corpus) -> None:
    folder = "npm/anchore+syft/cmd/syft/internal/test/integration/testdata/npm-lock/node_modules/"
    packages = read(corpus(f"{folder}collapse-white-space/package-lock.json").read_bytes())
    assert len(packages) == 790
    assert all(package.line for package in packages)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"packages": []}', b'{"dependencies":' + b'{"a":{"dependencies":' * 99999],
)
def test_other_shapes_are_malformed(data: bytes) -> None:
    assert read_as_far_as_possible(npm_lock, "package-lock.json", data)[1]
