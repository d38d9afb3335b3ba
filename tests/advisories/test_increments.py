"""Updates that fetch no more than what changed, and what they say changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from advisories.mirrors import OSV, Mirror, record, updated
from pratique.advisories.database import Opened
from pratique.advisories.shard import check, path_of
from pratique.model.change import Change

LIST, ZIP = f"{OSV}/npm/modified_id.csv", f"{OSV}/npm/all.zip"
OLD = [
    record("GHSA-1", "one", "1.0.0", "2026-01-01T00:00:00Z", aliases=["CVE-2026-1"]),
    record("GHSA-2", "two", "2.0.0", "2026-01-02T00:00:00Z"),
    record("GHSA-3", "three", "3.0.0", "2026-01-03T00:00:00Z"),
]


def content(folder: Path, shard: str = "npm") -> dict[str, Any]:
    """Return all that a shard says, by package, without the numbers that it gives records."""
    path = path_of(str(folder), shard)
    check(path)
    opened = Opened(shard, path)
    try:
        return {
            name: sorted(
                (opened.advisory(a.number).id, opened.advisory(a.number).modified, a.ranges,
                 opened.block("prose", a.number // 32)[a.number % 32].title)
                for a in known
            )
            for name, known in opened.packages()
        } | {"": int(opened.meta["records"])}  # fmt: skip
    finally:
        opened.connection.close()


def test_only_records_that_changed_are_fetched(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", OLD)
    updated(str(tmp_path), ["npm"], mirror)
    mirror.osv("npm", [*OLD[1:], record("GHSA-1", "one", "1.0.1", "2026-02-01T00:00:00Z"),
                       record("GHSA-4", "four", "4.0.0", "2026-02-02T00:00:00Z")])  # fmt: skip
    mirror.asked.clear()
    outcome = updated(str(tmp_path), ["npm"], mirror)["npm"]
    assert (outcome.error, outcome.changed, outcome.records) == ("", True, 4)
    # GHSA-3 is of the second in which the zip was newest: it is asked again
    assert mirror.asked[0] == LIST
    assert set(mirror.asked[1:]) == {f"{OSV}/npm/GHSA-{n}.json" for n in (4, 1, 3)}
    assert content(tmp_path)["one"][0][1] == "2026-02-01T00:00:00Z"
    mirror.asked.clear()
    assert not updated(str(tmp_path), ["npm"], mirror)["npm"].changed
    assert mirror.asked == [LIST]


def test_a_withdrawn_record_is_taken_out(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", OLD)
    updated(str(tmp_path), ["npm"], mirror)
    gone = record("GHSA-1", "one", "1.0.0", "2026-02-01T00:00:00Z",
                  withdrawn="2026-02-01T00:00:00Z")  # fmt: skip
    mirror.osv("npm", [gone, *OLD[1:]])
    [outcome] = updated(str(tmp_path), ["npm"], mirror, diff=True).values()
    assert outcome.records == 2
    assert outcome.changes == (
        Change("withdrawn", "GHSA-1", "one", ("CVE-2026-1",), "UNKNOWN", ("<1.0.0",), ("1.0.0",)),
    )
    opened = Opened("npm", path_of(str(tmp_path), "npm"))
    assert opened.named("CVE-2026-1") == ()
    opened.connection.close()


def test_a_mirror_without_single_records_is_read_as_a_whole(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", OLD)
    updated(str(tmp_path), ["npm"], mirror)
    mirror.osv("npm", [*OLD, record("GHSA-4", "four", "4.0.0", "2026-02-02T00:00:00Z")])
    for number in range(1, 5):
        del mirror.documents[f"{OSV}/npm/GHSA-{number}.json"]
    assert updated(str(tmp_path), ["npm"], mirror)["npm"].records == 4
    assert mirror.asked[-1] == ZIP


def test_a_record_dated_in_the_future_does_not_hide_what_follows(tmp_path: Path) -> None:
    mirror = Mirror()
    early = record("GHSA-9", "nine", "9.0.0", "2999-01-01T00:00:00Z")
    mirror.osv("npm", [*OLD, early])
    updated(str(tmp_path), ["npm"], mirror)
    mirror.osv("npm", [*OLD, early, record("GHSA-4", "four", "4.0.0", "2026-02-02T00:00:00Z")])
    assert updated(str(tmp_path), ["npm"], mirror)["npm"].records == 5
    assert "four" in content(tmp_path)


def test_what_changed_is_told_by_package(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", OLD, listed=False)
    assert updated(str(tmp_path), ["npm"], mirror, diff=True)["npm"].changes is None
    mirror.osv("npm", [
        record("GHSA-1", "one", "1.0.1", "2026-02-01T00:00:00Z", aliases=["CVE-2026-1"]),
        record("GHSA-2", "two", "2.0.0", "2026-03-01T00:00:00Z", summary="other words"),
        record("GHSA-4", "a-new-one", "4.0.0", "2026-02-02T00:00:00Z",
               database_specific={"severity": "CRITICAL"}),
    ], listed=False)  # fmt: skip
    outcome = updated(str(tmp_path), ["npm"], mirror, diff=True)["npm"]
    assert outcome.changes == (
        Change("added", "GHSA-4", "a-new-one", (), "CRITICAL", ("<4.0.0",), ("4.0.0",)),
        Change("changed", "GHSA-1", "one", ("CVE-2026-1",), "UNKNOWN", ("<1.0.1",), ("1.0.1",),
               was=("<1.0.0",)),
        Change("withdrawn", "GHSA-3", "three", (), "UNKNOWN", ("<3.0.0",), ("3.0.0",)),
    )  # fmt: skip


IDS = st.integers(0, 60)
STATES = st.dictionaries(
    IDS, st.tuples(st.sampled_from("abcdef"), st.integers(1, 5), st.booleans()), max_size=50
)


@settings(max_examples=40, deadline=None)
@given(states=st.lists(STATES, min_size=2, max_size=4))
def test_increments_lead_to_what_a_whole_reading_leads_to(
    states: list[dict[int, tuple[str, int, bool]]], tmp_path_factory: Any
) -> None:
    """Any sequence of states: records added, changed, moved to another package, withdrawn."""
    folder: Path = tmp_path_factory.mktemp("patched")
    mirror = Mirror()
    seen: dict[int, tuple[str, int, bool]] = {}
    for step, state in enumerate(states):
        # a record that is no longer in the state was withdrawn: OSV does not delete any
        full = {id: (*seen[id][:2], True) for id in seen.keys() - state.keys()} | state
        mirror.osv("npm", [
            record(f"GHSA-{id}", f"p-{package}", f"{fixed}.0.0",
                   f"2026-01-0{step + 1 if seen.get(id) != full[id] else 1}T00:00:00Z",
                   summary=f"{package}{fixed}", aliases=[f"CVE-{id}-{fixed}"],
                   **({"withdrawn": "2026-01-01T00:00:00Z"} if gone else {}))
            for id, (package, fixed, gone) in full.items()
        ])  # fmt: skip
        updated(str(folder), ["npm"], mirror, force=True)
        seen = full
    whole: Path = tmp_path_factory.mktemp("whole")
    wanted = updated(str(whole), ["npm"], mirror, force=True)["npm"]
    if wanted.error:  # nothing is left of it: the old shard was kept
        return
    assert without_dates(content(folder)) == without_dates(content(whole))


def without_dates(shard: dict[str, Any]) -> dict[str, Any]:
    return {
        name: known if name == "" else [(id, ranges, title) for id, _, ranges, title in known]
        for name, known in shard.items()
    }
