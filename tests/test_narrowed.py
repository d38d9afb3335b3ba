"""Which change a test fails with is found in few tries, and only what passed is said to pass."""

from __future__ import annotations

import re
from math import ceil, log2
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.cli.narrowed import blamed
from pratique.comparison import compare
from pratique.model.inventory import Inventory
from pratique.model.remedy import Bump
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.outcome import Outcome, Step
from pratique.workspace import Altered

TO: dict[Level, str] = {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}
NOTHING = Report("x", "filesystem", Inventory(()), ())


def step(name: str, far: Level = "minor") -> Step:
    return Step(
        Bump(name, "npm", "a", "npm", ("1.0.0",), TO[far], far, 1, direct=True), TO[far], ()
    )


def outcome(steps: list[Step]) -> Outcome:
    altered = tuple(Altered(s.bump.name, b"", b"x") for s in steps)
    return Outcome(compare(NOTHING, NOTHING), tuple(steps), (), {}, (), altered, frozenset())


class Project:
    """Its test fails with some changes."""

    def __init__(self, steps: list[Step], culprits: set[str]) -> None:
        self._steps = steps
        self._culprits = culprits
        self.passed: list[frozenset[str]] = []
        self.tries = 0

    def __call__(self, without: frozenset[str]) -> Outcome | None:
        self.tries += 1
        if not self._culprits <= without:
            return None
        self.passed.append(without)
        return outcome([s for s in self._steps if s.bump.name not in without])


LEVELS = st.lists(st.sampled_from([one for one in get_args(Level) if one in TO]), min_size=1,
                  max_size=40)  # fmt: skip


@given(LEVELS, st.data())
def test_one_culprit_is_found_in_few_tries(levels: list[Level], data: st.DataObject) -> None:
    steps = [step(f"p{n}", far) for n, far in enumerate(levels)]
    guilty = data.draw(st.sampled_from(steps)).bump.name
    project = Project(steps, {guilty})
    said = blamed(steps, project)
    assert guilty in re.findall(r"p\d+", said)
    assert project.tries <= ceil(log2(len(steps))) + 2
    if len(steps) > 1:
        assert f"--without {guilty} makes" in said


@given(LEVELS, st.data())
def test_what_is_said_to_pass_was_seen_to(levels: list[Level], data: st.DataObject) -> None:
    steps = [step(f"p{n}", far) for n, far in enumerate(levels)]
    names = st.sets(st.sampled_from([s.bump.name for s in steps]), min_size=1)
    project = Project(steps, data.draw(names))
    said = frozenset(re.findall(r"--without (\S+)", blamed(steps, project)))
    assert not said or said in project.passed


BOTH = ("the test passes without b 1.0.0 -> 2.0.0, a 1.0.0 -> 1.1.0: --without a --without b makes "
        "the other change")  # fmt: skip


@pytest.mark.parametrize(("steps", "culprits", "said"), [
    ([step("a"), step("b")], {"a", "none"}, "the test fails without any change, too"),
    ([step("a", "major"), step("b")], {"a"},
     "the test passes without a 1.0.0 -> 2.0.0: --without a makes the other change"),
    ([step("a"), step("b", "major"), step("c", "patch")], {"a", "b"}, BOTH),
])  # fmt: skip
def test_the_line_names_the_changes_and_what_to_do(
    steps: list[Step], culprits: set[str], said: str
) -> None:
    assert blamed(steps, Project(steps, culprits)) == said


def test_where_all_had_to_be_left_out_nothing_is_advised() -> None:
    steps = [step("a", "major")]
    said = blamed(steps, Project(steps, {"a"}))
    assert said.endswith("and fails with each part tried: a 1.0.0 -> 2.0.0")
