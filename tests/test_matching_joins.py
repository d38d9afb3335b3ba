from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from images import advisory
from test_matching import Known, findings, npm

IDS = st.lists(st.integers(0, 12), max_size=3, unique=True)


def components(records: list[set[str]]) -> set[frozenset[str]]:
    """Put sets together that share a member, the slow and plain way."""
    groups: list[set[str]] = []
    for ids in records:
        near = [group for group in groups if group & ids]
        groups = [group for group in groups if not group & ids] + [ids.union(*near)]
    return {frozenset(group) for group in groups}


@given(st.lists(IDS, min_size=1, max_size=14))
def test_findings_are_the_records_that_hang_together(aliases: list[list[int]]) -> None:
    records = [(f"GHSA-{n}", [f"CVE-2024-{a}" for a in own]) for n, own in enumerate(aliases)]
    known = Known(*(advisory(id, "npm", "x", "2.0.0", aliases=own) for id, own in records))
    found = findings(known, npm("x", "1.0.0"))
    expected = components([{id, *own} for id, own in records])
    assert {frozenset((each.id, *each.aliases)) for each in found} == expected
    assert len(found) == len(expected)
    assert sorted(record for each in found for record in each.records) == sorted(
        id for id, _ in records
    )
