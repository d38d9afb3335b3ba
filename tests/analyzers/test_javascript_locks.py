"""The lock files of npm, Yarn, pnpm, Bun and Deno say the same of the same project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from locks import locked
from pratique.analyzers.bun import bun
from pratique.analyzers.deno import deno
from pratique.analyzers.pnpm import pnpm
from pratique.analyzers.yarn import yarn
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
NEEDS = {
    "ansi-styles@4.3.0": ("color-convert@2.0.1",),
    "chalk@4.1.0": ("ansi-styles@4.3.0", "supports-color@7.2.0"),
    "color-convert@2.0.1": ("color-name@1.1.4",),
    "color-name@1.1.4": (),
    "debug@4.3.4": ("ms@2.1.2",),
    "has-flag@4.0.0": (),
    "lodash@4.17.20": (),
    "ms@2.0.0": (),
    "ms@2.1.2": (),
    "supports-color@7.2.0": ("has-flag@4.0.0",),
}
ASKED = {"chalk@4.1.0", "debug@4.3.4", "lodash@4.17.20", "ms@2.0.0"}
FILES = [
    "npm1/package-lock.json", "npm3/package-lock.json", "yarn1/yarn.lock", "berry3/yarn.lock",
    "berry4/yarn.lock", "pnpm5/pnpm-lock.yaml", "pnpm7/pnpm-lock.yaml", "pnpm8/pnpm-lock.yaml",
    "pnpm9/pnpm-lock.yaml", "bun/bun.lock", "deno/deno.lock",
]  # fmt: skip
TELL_DEV = [file for file in FILES if not file.startswith(("yarn", "berry", "deno"))]
TELL_DIRECT = [file for file in FILES if file not in ("npm1/package-lock.json", "yarn1/yarn.lock")]


@pytest.mark.parametrize("file", FILES)
def test_what_needs_what_is_told_alias_and_nested_version_included(file: str) -> None:
    packages = locked(file)
    assert {id: packages[id].depends for id in NEEDS} == NEEDS
    assert packages.keys() - NEEDS.keys() <= {"nanoid@3.3.4", "@shop/cart@", "@shop/cart@0.5.0"}
    assert {package.type for package in packages.values()} == {"npm"}


@pytest.mark.parametrize("file", TELL_DEV)
def test_what_only_development_needs_is_marked(file: str) -> None:
    dev = {id for id, package in locked(file).items() if package.dev}
    assert dev == {"debug@4.3.4", "ms@2.1.2"}


@pytest.mark.parametrize("file", TELL_DIRECT)
def test_direct_is_what_the_project_or_a_workspace_asks_for(file: str) -> None:
    roles = {id: package.relation for id, package in locked(file).items()}
    assert {id for id, role in roles.items() if role == "direct"} - {"nanoid@3.3.4"} == ASKED
    assert set(roles.values()) <= {"direct", "indirect", "workspace"}


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("berry")])
def test_digests_are_those_of_the_archive(file: str) -> None:
    (digest,) = locked(file)["has-flag@4.0.0"].hashes
    assert digest.startswith("sha512:1329094ff435")
    assert len(digest) == len("sha512:") + 128


@pytest.mark.parametrize(
    ("file", "line"),
    [("yarn1/yarn.lock", 44), ("berry4/yarn.lock", 70), ("pnpm9/pnpm-lock.yaml", 62),
     ("bun/bun.lock", 40), ("deno/deno.lock", 41), ("npm3/package-lock.json", 98)],
)  # fmt: skip
def test_the_line_is_where_the_entry_begins(file: str, line: int) -> None:
    assert locked(file)["lodash@4.17.20"].line == line


YARN = "yarn/aquasecurity+trivy/pkg/dependency/parser/nodejs/yarn/testdata/"


def test_yarn_reads_every_reference_to_another_place(corpus: Corpus) -> None:
    def read(file: str) -> dict[str, tuple[str, str]]:
        packages = packages_of(yarn, "yarn.lock", corpus(YARN + file).read_bytes())
        return {package.name: (package.version, package.relation) for package in packages}

    assert read("yarn_with_git.lock") == {"mapbox-gl-feature-drag-and-drop": ("1.1.1", "")}
    assert read("yarn_with_local.lock")["local-package"] == ("0.0.1", "workspace")
    assert ("fsevents", ("2.1.3", "indirect")) in read("yarn_v2_happy.lock").items()


def test_what_yarn_did_not_write_is_malformed() -> None:
    assert read_as_far_as_possible(yarn, "yarn.lock", b"a@1:\n  version 1\nbogus\n")[1]
    assert read_as_far_as_possible(yarn, "yarn.lock", b"__metadata:\n  - *a\n")[1]


@pytest.mark.parametrize(
    ("key", "identity"),
    [
        ("/@babel/core/7.1.0", ("@babel/core", "7.1.0")),
        ("/react-dom/17.0.2_react@17.0.2", ("react-dom", "17.0.2")),
        ("registry.example.com/a/1.0.0-rc.1", ("a", "1.0.0-rc.1")),
    ],
)
def test_keys_of_pnpm_5_give_name_and_version(key: str, identity: tuple[str, str]) -> None:
    data = f"lockfileVersion: 5.4\npackages:\n  {key}: {{dev: true}}\n"
    (package,) = packages_of(pnpm, "pnpm-lock.yaml", data.encode())
    assert (package.name, package.version) == identity
    assert package.dev


@pytest.mark.parametrize(
    ("key", "identity"),
    [
        ("/@babel/core@7.1.0(a@1.0.0)(b@2.0.0)", ("@babel/core", "7.1.0")),
        ("a@1.0.0", ("a", "1.0.0")),
    ],
)
def test_keys_of_later_pnpm_give_name_and_version(key: str, identity: tuple[str, str]) -> None:
    data = f"lockfileVersion: '6.0'\npackages:\n  '{key}': {{resolution: {{}}}}\n"
    (package,) = packages_of(pnpm, "pnpm-lock.yaml", data.encode())
    assert (package.name, package.version) == identity


def test_a_package_of_pnpm_from_a_repository_has_the_version_of_its_entry() -> None:
    data = b"""lockfileVersion: '9.0'
packages:
  a@https://codeload.example.org/a/tar.gz/abc: {version: 1.0.0}
  b@file:../b: {resolution: {directory: ../b, type: directory}}
"""
    assert versions_of(packages_of(pnpm, "pnpm-lock.yaml", data)) == {"a": "1.0.0"}


def test_pnpm_writes_its_own_packages_into_a_document_before(corpus: Corpus) -> None:
    path = "pnpm/anchore+syft/syft/pkg/cataloger/javascript/testdata/pnpm-multi-doc/pnpm-lock.yaml"
    packages = packages_of(pnpm, "pnpm-lock.yaml", corpus(path).read_bytes())
    assert versions_of(packages) == {
        "@pnpm/exe.linux-x64": "12.0.0-rc.3",
        "pnpm": "12.0.0-rc.3",
        "minimist": "1.2.0",
    }


def test_peers_of_pnpm_do_not_make_two_packages() -> None:
    data = b"""lockfileVersion: '9.0'
importers:
  .: {dependencies: {a: {specifier: '1', version: 1.0.0(p@1.0.0)}}}
packages:
  a@1.0.0: {resolution: {integrity: x}}
  p@1.0.0: {resolution: {integrity: x}}
  p@2.0.0: {resolution: {integrity: x}}
snapshots:
  a@1.0.0(p@1.0.0): {dependencies: {p: 1.0.0}}
  a@1.0.0(p@2.0.0): {dependencies: {p: 2.0.0}}
  p@1.0.0: {}
  p@2.0.0: {}
"""
    found = {f"{p.name}@{p.version}": p for p in packages_of(pnpm, "pnpm-lock.yaml", data)}
    assert found["a@1.0.0"].depends == ("p@1.0.0", "p@2.0.0")
    assert [id for id, package in found.items() if package.dev] == ["p@2.0.0"]


def test_bun_lists_what_comes_from_elsewhere_and_not_the_root(corpus: Corpus) -> None:
    path = "bun/anchore+syft/syft/pkg/cataloger/javascript/test-fixtures/bun-variable-tuples/"
    packages = packages_of(bun, "bun.lock", corpus(f"{path}bun.lock").read_bytes())
    assert {package.name: package.relation for package in packages} == {
        "@my/util": "workspace", "axios": "direct", "follow-redirects": "indirect",
        "ghostty-web": "direct", "tracestrings": "direct",
    }  # fmt: skip


def test_a_binary_lock_file_of_bun_is_said_to_be_unread() -> None:
    assert "binary" in read_as_far_as_possible(bun, "bun.lockb", b"#!/usr/bin/env bun")[1]


OLD_DENO = b"""{"version": "3", "packages": {
  "specifiers": {"npm:chalk@5": "npm:chalk@5.3.0", "jsr:@std/bytes@1": "jsr:@std/bytes@1.0.2"},
  "jsr": {"@std/bytes@1.0.2": {"integrity": "00"}},
  "npm": {
    "chalk@5.3.0": {"integrity": "sha512-x", "dependencies": {"peer": "peer@1.0.0_a@2.0.0"}},
    "peer@1.0.0_a@2.0.0": {"integrity": "sha512-x", "dependencies": {}}}},
 "workspace": {"dependencies": ["npm:chalk@5"]}}"""


def test_deno_3_keeps_its_packages_together() -> None:
    packages = {package.name: package for package in packages_of(deno, "deno.lock", OLD_DENO)}
    assert {name: one.relation for name, one in packages.items()} == {
        "@std/bytes": "indirect", "chalk": "direct", "peer": "indirect",
    }  # fmt: skip
    assert packages["chalk"].depends == ("peer@1.0.0",)
    assert packages["@std/bytes"].type == "jsr"


def test_deno_2_knows_npm_alone() -> None:
    data = (
        b'{"version": "2", "remote": {}, "npm": {"specifiers": {"chalk@5": "chalk@5.3.0"},'
        b' "packages": {"chalk@5.3.0": {"integrity": "", "dependencies": {}}}}}'
    )
    (package,) = packages_of(deno, "deno.lock", data)
    assert (package.name, package.version, package.relation) == ("chalk", "5.3.0", "direct")


def test_deno_4_tells_jsr_from_npm(corpus: Corpus) -> None:
    path = "deno/anchore+syft/syft/pkg/cataloger/javascript/test-fixtures/deno/deno.lock"
    packages = packages_of(deno, "deno.lock", corpus(path).read_bytes())
    found = {package.name: package for package in packages}
    assert {name: one.type for name, one in found.items() if one.type == "jsr"} == {
        "@std/bytes": "jsr", "@std/encoding": "jsr",
    }  # fmt: skip
    assert found["@std/encoding"].depends == ("@std/bytes@1.0.2",)
    assert found["typedoc"].version == "0.28.19"


@pytest.mark.parametrize("analyzer", [pnpm, bun, deno], ids=lambda one: str(one.name))
@pytest.mark.parametrize("data", [b"[", b"x", b"{" * 5000, b"a: &b [*b]", b'{"a": ' * 20_000])
def test_other_shapes_are_malformed(analyzer: object, data: bytes) -> None:
    for one in (pnpm, bun, deno):
        if one is analyzer:
            assert read_as_far_as_possible(one, "lock", data)[1]


def test_a_peer_that_may_be_missing_does_not_make_a_package_needed() -> None:
    data = b"""{"lockfileVersion": 1, "workspaces": {"": {"dependencies": {"a": "1"},
  "devDependencies": {"debug": "1"}}},
 "packages": {
  "a": ["a@1.0.0", "", {"peerDependencies": {"debug": "*", "p": "*"}, "optionalPeers": ["debug"]}],
  "debug": ["debug@1.0.0", "", {}],
  "p": ["p@1.0.0", "", {}]}}"""
    found = {one.name: one for one in packages_of(bun, "bun.lock", data)}
    assert found["a"].depends == ("p@1.0.0",)
    assert {name: one.dev for name, one in found.items()} == {"a": False, "debug": True, "p": False}
