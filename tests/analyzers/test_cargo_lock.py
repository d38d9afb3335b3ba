from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.cargo_lock import cargo_lock
from reading import packages_of, read_as_far_as_possible

Corpus = Callable[[str], Path]
SYFT = "cargo/anchore+syft/syft/pkg/cataloger/rust/testdata/"
TRIVY = "cargo/aquasecurity+trivy/integration/testdata/fixtures/repo/cargo/"
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def relations(data: bytes) -> dict[str, str]:
    packages = packages_of(cargo_lock, "Cargo.lock", data)
    return {f"{package.name} {package.version}": package.relation for package in packages}


def test_crates_that_need_each_other_are_told_apart(corpus: Corpus) -> None:
    found = relations(corpus(f"{TRIVY}Cargo.lock").read_bytes())
    assert len(found) == 10
    assert found["app 0.1.0"] == "root"
    assert (found["memchr 1.0.2"], found["memchr 2.7.4"]) == ("direct", "indirect")
    assert found["libc 0.2.171"] == "indirect"


def test_crates_of_the_project_are_of_the_workspace(corpus: Corpus) -> None:
    assert relations(corpus(f"{SYFT}path-deps/Cargo.lock").read_bytes()) == {
        "app 1.0.0": "root",
        "memchr 2.7.4": "direct",
        "telemetry 0.1.0": "workspace",
    }


def test_lines_are_those_where_the_entries_begin(corpus: Corpus) -> None:
    data = corpus(f"{SYFT}image-audit/Cargo.lock").read_bytes()
    lines = [package.line for package in packages_of(cargo_lock, "Cargo.lock", data)]
    assert lines == [5, 15, 27, 36, 43, 52, 61, 70, 81, 92]


def test_the_first_version_has_a_root_and_full_names() -> None:
    data = f"""
[root]
name = "m"
version = "0.1.0"
dependencies = ["a 1.0.0 ({REGISTRY})"]

[[package]]
name = "a"
version = "1.0.0"
source = "{REGISTRY}"

[metadata]
"checksum a 1.0.0 ({REGISTRY})" = "00"
"""
    assert relations(data.encode()) == {"m 0.1.0": "root", "a 1.0.0": "direct"}


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"[[package]]\nname = 'a'\n",
        b"[[package]]\nname = 1\nversion = '1'\n",
        b"a = " + b"[" * 100_000,
        b"a = " + b"9" * 100_000,
        b".".join([b"a"] * 100_000) + b" = 1",
    ],
)
def test_other_shapes_are_malformed(data: bytes) -> None:
    assert read_as_far_as_possible(cargo_lock, "Cargo.lock", data)[1]
