"""Which packages are upgraded together: examples, and what holds for all repositories."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.debrelation import Relation, clauses
from pratique.ecosystems.deb import version_key
from pratique.patch.resolution import Deb, Goal, Resolution, resolve, still_broken

AMD, ARM = "amd64", "arm64"


def deb(name: str, version: str, needs: str = "", refuses: str = "", provides: str = "",
        arch: str = AMD, multi: str = "") -> Deb:  # fmt: skip
    return Deb(
        name, version, arch, version, clauses(needs), tuple(c[0] for c in clauses(refuses)),
        tuple(c[0] for c in clauses(provides)), multi, f"{name}_{version}_{arch}",
    )  # fmt: skip


def resolved(
    installed: Sequence[Deb], offered: Sequence[Deb], *goals: tuple[str, str]
) -> Resolution:
    def offers(name: str) -> list[Deb]:
        return [d for d in offered if d.name == name or any(p.name == name for p in d.provides)]

    return resolve(installed, offers, [Goal((name, AMD), to) for name, to in goals], AMD)


def plan(found: Resolution) -> dict[str, str]:
    return {name: d.version for (name, _), d in found.plan.items()}


def test_only_what_is_asked_for() -> None:
    found = resolved([deb("a", "1"), deb("b", "1")], [deb("a", "2"), deb("b", "2")], ("a", "2"))
    assert plan(found) == {"a": "2"}


def test_siblings_of_the_same_version() -> None:
    installed = [deb("lib", "1"), deb("tool", "1", "lib (= 1)")]
    found = resolved(installed, [deb("lib", "2"), deb("tool", "2", "lib (= 2)")], ("lib", "2"))
    assert plan(found) == {"lib": "2", "tool": "2"}


def test_alternatives_and_virtual_packages() -> None:
    offered = [
        deb("a", "2", "x | y (>= 2)"),
        deb("z", "1", provides="y (= 3)"),
        deb("w", "1", provides="x"),
    ]
    found = resolved([deb("a", "1")], offered, ("a", "2"))
    assert plan(found) in ({"a": "2", "w": "1"}, {"a": "2", "z": "1"})
    offered = [deb("a", "2", "y (>= 2)"), deb("z", "1", provides="y")]
    assert "a needs y (>= 2)" in resolved([deb("a", "1")], offered, ("a", "2")).failed["a", AMD]


def test_breaks_pull_an_upgrade_and_conflicts_never_remove() -> None:
    installed = [deb("a", "1"), deb("b", "1")]
    offered = [deb("a", "2", refuses="b (<< 2)"), deb("b", "2")]
    assert plan(resolved(installed, offered, ("a", "2"))) == {"a": "2", "b": "2"}
    found = resolved(installed, offered[:1], ("a", "2"))
    assert not found.plan
    assert "a does not go with b (<< 2)" in found.failed["a", AMD]


def test_one_goal_that_fails_does_not_take_others_along() -> None:
    installed = [deb("a", "1"), deb("b", "1")]
    found = resolved(installed, [deb("a", "2", "nowhere"), deb("b", "2")], ("a", "2"), ("b", "2"))
    assert plan(found) == {"b": "2"}
    assert "nowhere" in found.failed["a", AMD]


def test_architectures() -> None:
    installed = [deb("lib", "1", arch=AMD, multi="same"), deb("lib", "1", arch=ARM, multi="same")]
    offered = [deb("lib", "2", arch=arch, multi="same") for arch in (AMD, ARM)]
    assert set(resolved(installed, offered, ("lib", "2")).plan) == {("lib", AMD), ("lib", ARM)}
    foreign = [deb("tool", "1", arch=ARM, multi="foreign"), deb("a", "1")]
    assert plan(resolved(foreign, [deb("a", "2", "tool")], ("a", "2"))) == {"a": "2"}
    other = [deb("tool", "1", arch=ARM), deb("a", "1")]
    assert "tool" in resolved(other, [deb("a", "2", "tool")], ("a", "2")).failed["a", AMD]


def test_what_was_broken_before_does_not_stop_an_upgrade() -> None:
    installed = [deb("a", "1", "gone")]
    assert plan(resolved(installed, [deb("a", "2", "gone")], ("a", "2"))) == {"a": "2"}


def test_the_best_goal_that_can_be_reached() -> None:
    found = resolved([deb("a", "1")], [deb("a", "2")], ("a", "3"), ("a", "2"))
    assert plan(found) == {"a": "2"}
    assert found.failed["a", AMD] == "the repositories have 2; 3 is needed"


@pytest.mark.parametrize("text", ["", "a", "a (>= 1:2~3), b:any | c [amd64] <!nocheck>", "a(=1)"])
def test_relations_are_read(text: str) -> None:
    read = clauses(text)
    assert clauses(", ".join(" | ".join(map(str, clause)) for clause in read)) == read


@pytest.mark.parametrize("text", ["a (1)", "a (>= 1", "a b", "a ||b", "a (== 1)"])
def test_what_is_no_relation(text: str) -> None:
    with pytest.raises(ValueError, match="no relation"):
        clauses(text)


NAMES = st.sampled_from("abcdef")
VERSIONS = st.sampled_from(["1", "2", "3"])
RELATIONS = st.builds(
    Relation, NAMES, st.just(""), st.sampled_from(["", ">=", "=", "<<"]), VERSIONS
)
DEBS = st.builds(
    Deb, NAMES, VERSIONS, st.just(AMD), VERSIONS,
    st.lists(st.lists(RELATIONS, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    st.lists(RELATIONS, max_size=1).map(tuple),
    st.lists(st.builds(Relation, NAMES), max_size=1).map(tuple),
)  # fmt: skip


@given(
    st.lists(DEBS, max_size=6, unique_by=lambda d: d.name), st.lists(DEBS, max_size=12),
    st.lists(st.tuples(NAMES, VERSIONS), max_size=4),
)  # fmt: skip
def test_nothing_is_broken_removed_or_downgraded(
    installed: list[Deb], offered: list[Deb], goals: list[tuple[str, str]]
) -> None:
    before = {(d.name, AMD): d for d in installed}
    found = resolved(installed, offered, *goals)
    after = before | found.plan
    assert still_broken(after, AMD) <= still_broken(before, AMD)
    for key, new in found.plan.items():
        assert new in offered
        if key in before:
            assert version_key(new.version) > version_key(before[key].version)
    for name, version in goals:
        key = (name, AMD)
        if key in before and key not in found.failed:
            assert version_key(after[key].source_version) >= version_key(version)
