"""What holds for every analyzer of a language's packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.analyzers.cargo_lock import cargo_lock
from pratique.analyzers.dotnet_deps import dotnet_deps
from pratique.analyzers.gemspec import gemspec
from pratique.analyzers.go_mod import go_mod
from pratique.analyzers.node_installed import node_installed
from pratique.analyzers.npm_lock import npm_lock
from pratique.analyzers.php_installed import php_installed
from pratique.analyzers.pom import pom
from pratique.analyzers.python_installed import python_installed
from pratique.analyzers.requirements import requirements
from pratique.model.analyzer import Analyzer
from reading import read_as_far_as_possible

Corpus = Callable[[str], Path]
ANALYZERS = (
    cargo_lock, dotnet_deps, gemspec, go_mod, node_installed, npm_lock, php_installed, pom,
    python_installed, requirements,
)  # fmt: skip
KINDS = {
    "cargo": (cargo_lock, "Cargo.lock"),
    "dotnet": (dotnet_deps, ".deps.json"),
    "gomod": (go_mod, "go.mod"),
    "npm": (npm_lock, "package-lock.json"),
    "composer": (php_installed, "installed.json"),
    "pom": (pom, "pom.xml"),
    "metadata": (python_installed, "METADATA"),
    "requirements": (requirements, "requirements.txt"),
}
# fragments of all the formats, so that what is tried gets past the first byte
FRAGMENTS = st.sampled_from(
    [b"name", b"version", b'"', b"'", b"{", b"}", b"[", b"]", b":", b",", b"=", b"==", b"\n", b" ",
     b"1", b"<project>", b"<version>", b"</version>", b"</project>", b"${version}", b"[[package]]",
     b"require ", b"(", b")", b"module m", b"=>", b"Name: a\n", b"Version: 1\n", b"s.name = ",
     b"\\", b"\xff", b"\0", b'"dependencies":', b'"packages":', b'"node_modules/a":', b'"libraries":']
)  # fmt: skip
INPUT = st.binary(max_size=200) | st.lists(FRAGMENTS, max_size=30).map(b"".join)


def names(analyzer: Analyzer) -> str:
    return analyzer.name


@pytest.mark.parametrize("analyzer", ANALYZERS, ids=names)
@given(data=INPUT)
@settings(deadline=None)
def test_any_bytes_are_read_or_malformed(analyzer: Analyzer, data: bytes) -> None:
    packages, _ = read_as_far_as_possible(analyzer, "node_modules/a/package.json", data)
    packages += read_as_far_as_possible(analyzer, "x", data)[0]
    assert all(package.name and package.analyzer == analyzer.name for package in packages)


@pytest.mark.parametrize("kind", KINDS)
@given(choice=st.integers(0, 9), cut=st.floats(0, 1), put=st.binary(max_size=3))
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_real_files_cut_or_changed_are_read_or_malformed(
    corpus: Corpus, kind: str, choice: int, cut: float, put: bytes
) -> None:
    analyzer, ending = KINDS[kind]
    samples = real(corpus(kind), ending)
    data = samples[choice % len(samples)]
    at = int(len(data) * cut)
    read_as_far_as_possible(analyzer, "x", data[:at])
    read_as_far_as_possible(analyzer, "x", data[:at] + put + data[at + len(put) :])


@cache
def real(folder: Path, ending: str) -> list[bytes]:
    return list(islice(small(folder, ending), 10))


def small(folder: Path, ending: str) -> Iterator[bytes]:
    for path in sorted(folder.rglob(f"*{ending}")):
        if path.stat().st_size < 10_000:
            yield path.read_bytes()


@pytest.mark.parametrize("analyzer", ANALYZERS, ids=names)
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<a>" * 100_000,
        b"a = " + b"[" * 100_000,
        b"\n" * 99_999,
    ],
    ids=["list", "object", "element", "toml", "lines"],
)
def test_depth_and_length_do_no_harm(analyzer: Analyzer, data: bytes) -> None:
    assert read_as_far_as_possible(analyzer, "x", data)[0] == []
