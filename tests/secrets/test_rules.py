from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from pratique.secrets.shapes import GENERAL
from secret_samples.finding import found, rules
from secret_samples.labelled import Sample, near_misses, samples
from secret_samples.work import Matcher

MOST_STEPS = 150
"""Characters that a matcher looks at, for each character of a hostile text."""


@cache
def by_rule() -> dict[str, list[Sample]]:
    grouped: dict[str, list[Sample]] = {}
    for sample in samples():
        grouped.setdefault(sample.rule, []).append(sample)
    return grouped


def test_each_rule_has_three_samples_and_each_sample_a_rule() -> None:
    assert by_rule().keys() == rules().keys()
    assert min(map(len, by_rule().values())) >= 3
    assert sum(map(len, by_rule().values())) >= 400


def test_each_sample_is_found_by_its_rule_and_by_none_of_another_provider() -> None:
    wrong = []
    for sample in samples():
        categories = {rules()[one.rule].category for one in found(sample.text, sample.path)}
        if sample.rule not in {one.rule for one in found(sample.text, sample.path)}:
            wrong.append(("missed", sample))
        elif categories != {rules()[sample.rule].category}:
            wrong.append((str(categories), sample))
    assert not wrong


@pytest.mark.parametrize("seed", [3, 4])
def test_other_secrets_of_the_same_formats_are_found_as_well(seed: int) -> None:
    drawn = list(samples(seed))
    missed = [s for s in drawn if s.rule not in {one.rule for one in found(s.text, s.path)}]
    assert len(missed) <= len(drawn) // 100, missed


def test_near_misses_are_not_found() -> None:
    misses = list(near_misses())
    assert len(misses) > 800
    assert not [s for s in misses if s.rule in {one.rule for one in found(s.text, s.path)}]


def test_what_is_found_is_masked() -> None:
    for sample in samples():
        for one in found(sample.text, sample.path):
            secret = re.search(rules()[one.rule].pattern.encode(), sample.text.encode())
            if secret and "secret" in secret.groupdict():
                assert secret["secret"].decode() not in one.match


def test_rules_are_named_and_titled() -> None:
    assert len(rules()) >= 120
    for name, rule in rules().items():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", name)
        assert rule.severity in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        assert rule.title
        assert rule.category
        assert all(word == word.lower() for word in rule.keywords)
    titles = Counter(rule.title for rule in rules().values())
    assert max(titles.values()) <= 2


def test_general_rules_are_few() -> None:
    assert sum(rule.category in GENERAL for rule in rules().values()) < 20


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_pattern_is_plain(name: str) -> None:
    """No look-around, no back-reference, every repeat bounded, ASCII: the same to `re` and hyperscan."""
    pattern = rules()[name].pattern
    assert pattern.isascii()
    assert not re.search(r"\(\?(?:[=!>]|<[=!]|P=)|\\[1-9bBAZdDwW]", pattern)
    assert not re.search(
        r"(?<!\\)(?<!\[)(?:[*+]|,\})(?![^\[\]]*\])", re.sub(r"\[[^\]]*\]", "[]", pattern)
    )
    assert "secret" in re.compile(pattern.encode()).groupindex


def test_hyperscan_finds_what_re_finds() -> None:
    hyperscan = pytest.importorskip("hyperscan")
    wrong = []
    for name, rule in rules().items():
        database = hyperscan.Database()
        database.compile(expressions=[rule.pattern.encode()], ids=[0], elements=1, flags=[0])
        for sample in by_rule()[name]:
            text = sample.text.encode()
            ends: list[int] = []
            database.scan(text, match_event_handler=lambda *event: ends.append(event[2]))  # noqa: B023
            match = re.search(rule.pattern.encode(), text)
            if match is None or match.end() not in ends:
                wrong.append((name, sample.text))
    assert not wrong


@pytest.mark.parametrize("name", sorted(rules()))
def test_hostile_text_costs_no_more_than_its_length(name: str) -> None:
    rule = rules()[name]
    text = by_rule()[name][0].text.encode()
    match = re.search(rule.pattern.encode(), text)
    assert match
    nearly = match[0][: -max(2, len(match[0]) // 8)]
    word = (rule.keywords or ("a",))[0].encode()
    for one in (nearly, word, word + b"_a=", word + b'="', b"a1"):
        hostile = one * (1 + 200 // len(one))
        matcher = Matcher(rule.pattern, MOST_STEPS * len(hostile))
        matcher.search(hostile)  # raises TooMuchError
