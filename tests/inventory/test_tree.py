from __future__ import annotations

from pathlib import Path

import pytest

from pratique.codecs.gomod import CACHE, cached
from pratique.inventory.tree import Tree


@pytest.mark.parametrize("is_named", [False, True])
def test_what_go_has_fetched_is_read_and_nothing_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_named: bool
) -> None:
    go = tmp_path / ("elsewhere" if is_named else "home/go")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOPATH", f"{go}:/other") if is_named else monkeypatch.delenv(
        "GOPATH", raising=False
    )
    place = go / "pkg/mod/cache/download/example.org/!shop/@v/v1.0.0.mod"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"module example.org/Shop\n")
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "app").mkdir()
    tree = Tree(str(tmp_path / "app"))
    assert tree.read(cached("example.org/Shop", "v1.0.0")) == b"module example.org/Shop\n"
    up = "../" * 6
    assert tree.read(f"{CACHE}{up}secret") is None
    assert tree.read(f"{CACHE}{up}../secret") is None
