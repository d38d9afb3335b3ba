from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.secrets.patterns import core, is_bounded, longest_literal, texts, width
from pratique.secrets.ruleset import builtin


@pytest.mark.parametrize(
    ("pattern", "text", "ends"),
    [
        ("ghp_[a-z]{4,9}", "ghp_abcdefgh", [8]),
        ("(?:^|[^a-z])(?P<secret>key-[0-9]{3})(?:$|[^0-9])", "a key-123", [9]),
        ("(?i)name[ =]{0,4}x{2,}$", "NAME = XXX", [9]),
        ("(?i:Pass)word(?-i:s)", "PASSwords", [9]),
        ("a|bc", "bc a", [2, 4]),
    ],
)
def test_the_least_of_a_pattern_is_found_once(pattern: str, text: str, ends: list[int]) -> None:
    found = [match.end() for match in re.finditer(core(pattern), text)]
    assert found == ends


@pytest.mark.parametrize("pattern", ["x*", "a?", r"(a)\1", ""])
def test_what_has_no_least_has_no_core(pattern: str) -> None:
    assert core(pattern) == ""


def test_widths_and_literals() -> None:
    assert (width("a{2,5}b?"), is_bounded("a{2,5}")) == (6, True)
    assert not is_bounded("a+")
    assert longest_literal("x(?:abc|de)fgh?") == 2
    assert longest_literal("[a-z]{8}") == 0


parts = st.sampled_from(
    ["a", "b", "[ab]", "(?:a|bb)", "c{1,3}", "(?:ab){2}", "d?", r"\b", "(?i:E)", "."]
)


@given(st.lists(parts, min_size=1, max_size=6).map("".join), st.text("abcdeE \n", max_size=30))
def test_each_match_holds_a_core(pattern: str, text: str) -> None:
    found = core(pattern)
    if found:
        ends = [m.start() + len(m[1]) for m in re.finditer(f"(?=({found}))", text)]
        for match in re.finditer(pattern, text):
            if match.end() > match.start():
                assert any(match.start() <= end <= match.end() for end in ends)


def test_every_rule_has_something_to_start_from() -> None:
    for rule in builtin():
        assert core(rule.pattern), rule.name
        assert is_bounded(rule.pattern), rule.name


@given(st.lists(parts, min_size=1, max_size=6).map("".join), st.text("abcdeE \n", max_size=30))
def test_each_match_holds_one_of_the_texts(pattern: str, text: str) -> None:
    needed = texts(pattern)
    for match in re.finditer(pattern, text):
        lowered = match[0].lower().encode()
        assert not needed or any(one in lowered for one in needed)
