from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.glob import compiled
from pratique.inventory.wanted import Wanted
from pratique.model.analyzer import Analyzer


def wanted(*globs: str) -> Wanted:
    return Wanted([Analyzer(glob, 1, (glob,), lambda _: iter(())) for glob in globs])


@pytest.mark.parametrize(
    ("path", "globs"),
    [
        ("a/x.min.js", ["*.min.js"]),
        ("x.y.min.js", ["*.min.js"]),
        (".min.js", ["*.min.js"]),
        ("a/x.js", []),
        ("min.js", []),
        ("pylock.toml", ["pylock.toml"]),
        ("a/pylock.dev.toml", ["pylock.*.toml"]),
        ("a/pylock.x/y.toml", []),
        ("x.deps.json", ["*.deps.json"]),
        ("a/dev-requirements.txt", ["*requirements*.txt"]),
    ],
)
def test_a_path_is_found_by_its_one_or_two_endings(path: str, globs: list[str]) -> None:
    rules = wanted(
        "*.min.js", "pylock.toml", "pylock.*.toml", "*.deps.json", "*requirements*.txt", "*.go"
    )
    assert [analyzer.name for analyzer in rules.by(path.encode())] == globs


@given(st.text("ab.*", min_size=1, max_size=6), st.text("ab.", min_size=1, max_size=8))
def test_a_glob_of_one_component_matches_as_fnmatch_does(glob: str, name: str) -> None:
    if "**" in glob:
        return
    matches = bool(compiled(glob)(name))
    assert matches == fnmatch.fnmatchcase(name, glob)
    assert bool(compiled(glob)(f"x/{name}")) == matches
    assert bool(wanted(glob).by(f"x/{name}".encode())) == matches


@pytest.mark.parametrize(
    ("path", "globs"),
    [
        ("a/Dockerfile.x", ["Dockerfile.*"]),
        ("Dockerfile", []),
        ("Dockerfiles", ["Dockerfile[s-z]"]),
        ("a/Dockerfile.x/b", []),
    ],
)
def test_a_path_is_found_by_its_beginning(path: str, globs: list[str]) -> None:
    rules = wanted("Dockerfile.*", "Dockerfile[s-z]", "Containerfile*")
    assert [analyzer.name for analyzer in rules.by(path.encode())] == globs
