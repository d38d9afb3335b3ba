from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


WORKSPACE = {
    "m/Cargo.toml": b'[workspace]\nmembers = ["crates/*", "tool"]\n',
    "m/crates/cli/Cargo.toml": (
        b'[package]\nname = "cli"\n[dependencies]\nold = { package = "rand", version = "0.7" }\n'
        b'core = { path = "../core" }\n[target."cfg(unix)".dependencies]\nlibc = "0.2"\n'
        b'[dev-dependencies]\nlibc = "0.2"\npretty = "1"\n'
    ),
    "m/crates/core/Cargo.toml": b'[package]\nname = "core"\n[build-dependencies]\ncc = "1"\n',
    "m/tool/Cargo.toml": b'[package]\nname = "tool"\n[dev-dependencies]\nyansi = "1"\n',
}
OWN = ("cli", "core", "tool")
NEEDS = {
    "cli": ["core", "libc", "pretty", "rand"],
    "core": ["cc"],
    "tool": ["yansi 0.9.0"],
    "pretty": ["yansi 1.0.0", "libc"],
    "rand": [],
    "libc": [],
    "cc": [],
}


def lock() -> bytes:
    text = ""
    for name, needs in NEEDS.items():
        source = "" if name in OWN else f'source = "{REGISTRY}"\n'
        listed = ", ".join(f'"{need}"' for need in needs)
        text += f'[[package]]\nname = "{name}"\nversion = "0.1.0"\n{source}'
        text += f"dependencies = [{listed}]\n"
    for version in ("0.9.0", "1.0.0"):
        text += f'[[package]]\nname = "yansi"\nversion = "{version}"\nsource = "{REGISTRY}"\n'
    return text.encode()


def development(others: dict[str, bytes]) -> set[str]:
    packages, error = read_as_far_as_possible(cargo_lock, "m/Cargo.lock", lock(), others)
    assert error == ""
    return {f"{package.name}@{package.version}" for package in packages if package.dev}


def test_what_a_crate_needs_is_said_with_its_version() -> None:
    packages = packages_of(cargo_lock, "Cargo.lock", lock())
    depends = {package.name: package.depends for package in packages}
    assert depends["cli"] == ("core@0.1.0", "libc@0.1.0", "pretty@0.1.0", "rand@0.1.0")
    assert depends["pretty"] == ("yansi@1.0.0", "libc@0.1.0")


def test_manifests_tell_what_is_for_development_alone() -> None:
    assert development(WORKSPACE) == {"pretty@0.1.0", "yansi@0.9.0", "yansi@1.0.0"}


def test_a_workspace_without_a_root_package_has_no_root() -> None:
    own = {"cli", "core", "tool"}
    for others, expected in ((WORKSPACE, {"workspace"}), ({}, {"workspace", "root"})):
        packages, _ = read_as_far_as_possible(cargo_lock, "m/Cargo.lock", lock(), others)
        found = {package.relation for package in packages if package.name in own}
        assert found <= expected


def test_a_crate_without_its_manifest_may_need_all_that_it_names() -> None:
    others = {path: data for path, data in WORKSPACE.items() if "tool/" not in path}
    assert development(others) == {"pretty@0.1.0", "yansi@1.0.0"}
    assert development({}) == set()


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(0, 300), st.integers(0, 60))
def test_mutated_locks_and_manifests_are_read_or_malformed(noise: bytes, at: int, cut: int) -> None:
    data = lock()
    mutated = data[: at * 3] + noise + data[at * 3 + cut :]
    others = {path: data[:at] + noise + data[at + cut :] for path, data in WORKSPACE.items()}
    read_as_far_as_possible(cargo_lock, "m/Cargo.lock", mutated, WORKSPACE)
    read_as_far_as_possible(cargo_lock, "m/Cargo.lock", data, others)
