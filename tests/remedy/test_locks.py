"""Lock files are made by their own tools, after the manifests allow the versions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pratique.errors import MalformedError
from pratique.model.remedy import Remedy
from pratique.remedy.cargo import cargo
from pratique.remedy.go import go
from pratique.remedy.poetry import poetry
from pratique.remedy.uv import uv
from projects import Memory, bump, refuse

PROJECT = '[project]\ndependencies = [\n    "django>=3.2,<4", # web\n]\n'
POETRY = '[tool.poetry.dependencies]\ndjango = "^3.2"  # web\n'


def fine(_words: Sequence[str]) -> str:
    return ""


def test_uv_is_asked_for_the_versions_and_pyproject_allows_them() -> None:
    memory = Memory({"pyproject.toml": PROJECT, "uv.lock": ""}, {"uv": fine})
    bumps = [bump("Django", "3.2.0", "4.2.16", "uv.lock"), bump("x", "1.0", "1.1", "uv.lock")]
    assert list(uv.apply(memory, "uv.lock", bumps)) == []
    assert memory.texts["pyproject.toml"] == PROJECT.replace(">=3.2,<4", ">=4.2.16,<5")
    assert memory.ran[0][-4:] == [
        "--upgrade-package",
        "Django==4.2.16",
        "--upgrade-package",
        "x==1.1",
    ]


def test_poetry_locks_the_lowest_and_keeps_the_range() -> None:
    seen: list[str] = []

    def run(words: Sequence[str]) -> str:
        seen.append(memory.texts["pyproject.toml"])
        return "Poetry (version 1.8.3)" if "--version" in words else ""

    memory = Memory({"pyproject.toml": POETRY, "poetry.lock": ""}, {"poetry": run})
    list(poetry.apply(memory, "poetry.lock", [bump("django", "3.2.0", "3.2.25", "poetry.lock")]))
    assert seen[0] == POETRY.replace("^3.2", "3.2.25")
    assert memory.texts["pyproject.toml"] == POETRY
    assert "--no-update" in memory.ran[-1]


@pytest.mark.parametrize(("part", "lock"), [(uv, "uv.lock"), (poetry, "poetry.lock")])
def test_without_the_tool_a_word_says_so(part: Remedy, lock: str) -> None:
    memory = Memory({"pyproject.toml": PROJECT})
    [said] = part.apply(memory, lock, [bump("django", "3.2.0", "4.2.16", lock)])
    assert "to be made anew" in said
    assert memory.texts["pyproject.toml"] != PROJECT
    with pytest.raises(MalformedError, match="no pyproject"):
        list(part.apply(Memory({}), lock, [bump("django", "3.2.0", "4.2.16", lock)]))


def test_go_gets_modules_and_says_what_language_they_need() -> None:
    def run(words: Sequence[str]) -> str:
        if "tidy" in words:
            memory.texts["a/go.mod"] = "module x\ngo 1.24\n"
        return ""

    memory = Memory({"a/go.mod": "module x\ngo 1.20\n"}, {"go": run})
    [said] = go.apply(memory, "a/go.mod", [bump("example.org/y", "v1.0.0", "1.0.1", "a/go.mod")])
    assert memory.ran[0] == ["go", "get", "example.org/y@v1.0.1"]
    assert said == "these modules need Go 1.24 (before: 1.20)"
    with pytest.raises(MalformedError, match=r"build with Go 1\.25"):
        list(go.apply(memory, "a/go.mod", [bump("stdlib", "1.20", "1.25", "a/go.mod")]))
    with pytest.raises(MalformedError, match="go is not here"):
        list(go.apply(Memory({}), "go.mod", [bump("y", "v1", "v2", "go.mod")]))


def test_cargo_changes_a_manifest_only_where_it_does_not_allow_the_version() -> None:
    text = '[dependencies]\ntime = "=0.1.43" # when\nserde = { features = [], version = "1.0" }\n'
    memory = Memory({"Cargo.toml": text}, {"cargo": fine})
    list(cargo.apply(memory, "Cargo.lock", [bump("time", "0.1.43", "0.1.45", "Cargo.lock")]))
    assert memory.texts["Cargo.toml"] == text

    def first_refuses(_words: Sequence[str]) -> str:
        return refuse(()) if memory.texts["Cargo.toml"] == text else ""

    memory = Memory({"Cargo.toml": text}, {"cargo": first_refuses})
    list(cargo.apply(memory, "Cargo.lock", [bump("serde", "1.0.1", "2.0.0", "Cargo.lock")]))
    assert memory.texts["Cargo.toml"] == text.replace('version = "1.0"', 'version = "2.0.0"')
    with pytest.raises(MalformedError):
        list(cargo.apply(Memory({"Cargo.toml": text}, {"cargo": refuse}), "Cargo.lock",
                         [bump("other", "1.0.0", "1.0.1", "Cargo.lock")]))  # fmt: skip


def test_the_index_of_crates_leaves_out_what_is_yanked() -> None:
    lines = b'{"vers": "1.0.0"}\n{"vers": "1.0.1", "yanked": true}\n'
    memory = Memory({}, urls={"/se/rd/serde": lines, "/3/a/abc": b"nonsense"})
    assert cargo.versions(memory, "Cargo.lock", "serde") == ["1.0.0"]
    with pytest.raises(MalformedError, match="nonsense of abc"):
        cargo.versions(memory, "Cargo.lock", "abc")
