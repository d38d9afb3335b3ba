from __future__ import annotations

import subprocess
import sys

import pytest

from memory import MemoryFile
from pratique.cache import MemoryCache
from pratique.inventory import Analyzers
from pratique.inventory.index import known_analyzers
from pratique.model.analyzer import Analyzer
from pratique.plugins import load


def test_the_index_knows_what_every_analyzer_declares() -> None:
    cache = MemoryCache()
    first = known_analyzers(cache, "x")
    again = known_analyzers(cache, "x")
    assert again is not first
    every = load("pratique.analyzers", Analyzer)
    assert [(a.name, a.version, a.paths, a.reads) for a in again] == [
        (a.name, a.version, a.paths, a.reads) for a in every
    ]


def test_an_analyzer_of_the_index_reads_as_the_one_that_it_stands_for() -> None:
    cache = MemoryCache()
    known_analyzers(cache, "x")
    (pip,) = [one for one in known_analyzers(cache, "x") if one.name == "pip"]
    facts = list(pip.analyze(MemoryFile("requirements.txt", b"a==1\n")))
    assert [getattr(fact, "name", "") for fact in facts] == ["a"]


def test_a_damaged_index_is_made_anew() -> None:
    cache = MemoryCache()
    cache.put("analyzers x", b"\xc1")
    assert len(known_analyzers(cache, "x")) == len(load("pratique.analyzers", Analyzer))
    assert cache.get("analyzers x") != b"\xc1"


def test_analyzers_from_outside_are_not_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRATIQUE_PLUGINS", "1")
    cache = MemoryCache()
    known_analyzers(cache, "x")
    assert cache.get("analyzers x") is None


def test_with_an_index_no_analyzer_is_imported_before_its_file() -> None:
    program = """
import sys
from pratique.cache import MemoryCache
from pratique.inventory import Analyzers
from pratique.inventory import index
cache = MemoryCache()
cache.put("analyzers " + Analyzers("locked").fingerprint, bytes.fromhex(sys.argv[1]))
assert Analyzers("locked", cache).wanted.by(b"x/poetry.lock")
assert not [name for name in sys.modules if name.startswith("pratique.analyzers.")]
"""
    cache = MemoryCache()
    assert Analyzers("locked", cache).wanted.by(b"x/poetry.lock")
    kept = cache.get("analyzers " + Analyzers("locked").fingerprint)
    assert kept is not None
    subprocess.run([sys.executable, "-c", program, kept.hex()], check=True)
