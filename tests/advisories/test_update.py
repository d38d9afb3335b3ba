"""Which feeds speak for a shard, what is refused, and what a crash leaves behind."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from advisories.mirrors import Mirror, record, updated
from images import advisory
from pratique import plugins
from pratique.advisories import jobs
from pratique.advisories.database import Database
from pratique.advisories.place import canonical, shard_name, shards_of
from pratique.advisories.shard import check, path_of, shards_in
from pratique.errors import DatabaseError, Unavailable
from pratique.model.advisory import Advisory, Affected, Range
from pratique.model.feed import About, Feed, Unread

TESTS = str(Path(__file__).parents[1])


def test_every_release_that_records_name_is_made(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("Mageia", [
        {**advisory(f"MGASA-{n}", f"Mageia:{n}", "bash", "1"), "modified": "2026-01-01T00:00:00Z"}
        for n in (7, 8, 9)
    ], listed=False)  # fmt: skip
    assert set(updated(str(tmp_path), ["Mageia:*"], mirror)) == {"Mageia:7", "Mageia:8", "Mageia:9"}
    again = updated(str(tmp_path), ["Mageia:*"], mirror)
    assert [o.changed for o in again.values()] == [False, False, False]


def test_records_go_where_they_belong() -> None:
    def where(ecosystem: str, *wanted: str) -> list[str]:
        about = About(ecosystem, "x", Affected(), Advisory("A"))
        return list(shards_of(about, wanted))

    assert where("Debian:12", "Debian:11", "Debian:12") == ["Debian:12"]
    assert where("Debian:12", "Debian:*") == ["Debian:12"]
    assert where("AlmaLinux", "AlmaLinux:8", "AlmaLinux:9", "PyPI") == [
        "AlmaLinux:8",
        "AlmaLinux:9",
    ]
    assert where("Maven:https://maven.google.com", "Maven") == ["Maven"]
    assert where("", "Amazon Linux:2") == ["Amazon Linux:2"]
    assert where("Red Hat:enterprise_linux:9::appstream", "Red Hat:9") == ["Red Hat:9"]
    assert shard_name("Ubuntu:Pro:18.04:LTS") == "Ubuntu:18.04:LTS"
    assert canonical(About("PyPI", "Flask_Login", Affected(), Advisory("A"))).name == "flask-login"


@pytest.fixture
def feeds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Feed]:
    """Put feeds of the test's own in place of the real ones."""
    own: dict[str, Feed] = {}
    real: Any = plugins.load

    def load(package: str, kind: type[Any]) -> Any:
        return tuple(own.values()) if kind is Feed else real(package, kind)

    monkeypatch.setattr(jobs, "load", load)
    return own


def lines_feed(name: str, **more: Any) -> Feed:
    """A feed whose document has an id and a fixed version a line; `!` is a line to be broken."""

    def parse(file: BinaryIO, _where: str) -> Iterator[About | Unread]:
        for line in file.read().decode().splitlines():
            if line.startswith("!"):
                yield Unread(line, "broken")
            else:
                id, fixed = line.split()
                yield About("X:1", "x", Affected((Range(fixed=fixed),)), Advisory(id))

    return Feed(name, lambda shard: (f"https://{name}/{shard}",), parse, **more)


def ids(folder: Path, shard: str = "X:1") -> set[str]:
    database = Database(str(folder), starter="")
    try:
        return {database.advisory(shard, a.number).id for a in database.about(shard, "x") or ()}
    finally:
        database.close()


def test_the_lowest_rank_speaks_and_the_next_stands_in(
    feeds: dict[str, Feed], tmp_path: Path
) -> None:
    feeds |= {"a": lines_feed("a", rank=-1), "b": lines_feed("b")}
    mirror = Mirror()
    mirror.documents["https://b/X:1"] = b"B-1 1"
    outcome = updated(str(tmp_path), ["X:1"], mirror)["X:1"]
    assert (outcome.error, ids(tmp_path)) == ("", {"B-1"})
    assert outcome.notes == ("https://a/X:1: not found",)
    mirror.documents["https://a/X:1"] = b"A-1 1"
    updated(str(tmp_path), ["X:1"], mirror)
    assert ids(tmp_path) == {"A-1"}
    mirror.failures["https://a/X:1"] = Unavailable("no network")
    outcome = updated(str(tmp_path), ["X:1"], mirror)["X:1"]
    assert (outcome.error, outcome.is_here) == ("no network", True)
    assert ids(tmp_path) == {"A-1"}, "an old file of the better feed is kept"


def test_feeds_of_one_rank_are_joined(feeds: dict[str, Feed], tmp_path: Path) -> None:
    feeds |= {"a": lines_feed("a"), "b": lines_feed("b")}
    mirror = Mirror()
    mirror.documents |= {"https://a/X:1": b"A-1 1", "https://b/X:1": b"B-1 1"}
    updated(str(tmp_path), ["X:1"], mirror)
    assert ids(tmp_path) == {"A-1", "B-1"}
    del mirror.documents["https://b/X:1"]
    mirror.documents["https://a/X:1"] = b"A-2 2"
    assert updated(str(tmp_path), ["X:1"], mirror)["X:1"].notes == ("https://b/X:1 is not there",)


def test_a_large_feed_is_for_those_who_ask_for_it(feeds: dict[str, Feed], tmp_path: Path) -> None:
    feeds |= {"a": lines_feed("a", rank=-1, bulk=True), "b": lines_feed("b")}
    mirror = Mirror()
    mirror.documents |= {"https://a/X:1": b"A-1 1", "https://b/X:1": b"B-1 1"}
    updated(str(tmp_path), ["X:1"], mirror)
    assert (ids(tmp_path), mirror.asked) == ({"B-1"}, ["https://b/X:1"])
    updated(str(tmp_path), ["X:1"], mirror, bulk=True)
    assert ids(tmp_path) == {"A-1"}


def test_links_of_an_index_are_read_in_its_stead(feeds: dict[str, Feed], tmp_path: Path) -> None:
    def links(file: BinaryIO, where: str) -> tuple[str, ...]:
        return tuple(file.read().decode().split()) if where.endswith("X:1") else ()

    feeds["a"] = lines_feed("a", links=links)
    mirror = Mirror()
    mirror.documents |= {"https://a/X:1": b"https://a/1 https://a/2",
                         "https://a/1": b"A-1 1", "https://a/2": b"A-2 1"}  # fmt: skip
    updated(str(tmp_path), ["X:1"], mirror)
    assert ids(tmp_path) == {"A-1", "A-2"}
    mirror.documents["https://a/X:1"] = b"file:///etc/passwd"
    assert "no address" in updated(str(tmp_path), ["X:1"], mirror)["X:1"].error


def test_a_shard_that_shrinks_suspiciously_is_refused(
    feeds: dict[str, Feed], tmp_path: Path
) -> None:
    feeds["a"] = lines_feed("a")
    mirror = Mirror()
    mirror.documents["https://a/X:1"] = b"\n".join(b"A-%d 1" % n for n in range(100))
    updated(str(tmp_path), ["X:1"], mirror)
    mirror.documents["https://a/X:1"] = b"\n".join(b"A-%d 1" % n for n in range(60))
    error = updated(str(tmp_path), ["X:1"], mirror)["X:1"].error
    assert error == "only 60 records came where there were 100 (--force takes it)"
    assert len(ids(tmp_path)) == 100
    assert updated(str(tmp_path), ["X:1"], mirror, force=True)["X:1"].records == 60


def test_few_broken_records_are_named_and_many_are_refused(
    feeds: dict[str, Feed], tmp_path: Path
) -> None:
    feeds["a"] = lines_feed("a")
    mirror = Mirror()
    good = [b"A-%d 1" % n for n in range(200)]
    mirror.documents["https://a/X:1"] = b"\n".join([*good, b"!7"])
    outcome = updated(str(tmp_path), ["X:1"], mirror)["X:1"]
    assert outcome.notes == ("1 records were not read, such as !7: broken",)
    database = Database(str(tmp_path), starter="")
    assert database.origin("X:1").unread == (("!7", "broken"),)
    database.close()
    mirror.documents["https://a/X:1"] = b"\n".join([*good, *[b"!7"] * 9])
    error = updated(str(tmp_path), ["X:1"], mirror)["X:1"].error
    assert error == "9 records cannot be read, such as !7: broken"


def test_nobody_serves_what_does_not_exist(tmp_path: Path) -> None:
    outcome = updated(str(tmp_path), ["Nonsense:1"], Mirror())["Nonsense:1"]
    assert outcome.error == "no feed serves Nonsense:1"


def test_any_flipped_byte_is_found(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", [record(f"GHSA-{n}", "p", "1.0.0", "2026-01-01") for n in range(100)])
    updated(str(tmp_path), ["npm"], mirror)
    path = Path(path_of(str(tmp_path), "npm"))
    whole = path.read_bytes()
    check(str(path))
    chance = random.Random(0)
    for at in [0, 15, len(whole) - 1, len(whole) - 40, *chance.sample(range(len(whole)), 200)]:
        broken = bytearray(whole)
        broken[at] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        with pytest.raises(DatabaseError, match="damaged"):
            check(str(path))
    for length in (0, 39, 40, 1024, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(DatabaseError, match="damaged"):
            check(str(path))


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from advisories.mirrors import Mirror, record, updated
step = int(sys.argv[3])
while True:
    step += 1
    mirror = Mirror()
    mirror.osv("npm", [record(f"GHSA-{n}", f"p-{n % 9}", f"{step}.0.0", f"2026-01-01T00:{step % 60:02}:00Z")
                       for n in range(300)], listed=step % 2 == 0)
    updated(sys.argv[1], ["npm"], mirror)
"""


def test_an_update_that_is_killed_leaves_a_whole_shard(tmp_path: Path) -> None:
    """Whole readings and increments by turns; benchmarks/kills.py does it 200 times."""
    for step in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), TESTS, str(step * 9)]
        )
        time.sleep(0.8 + 0.13 * step)
        child.send_signal(signal.SIGKILL)
        child.wait()
        for shard in shards_in(str(tmp_path)):
            check(path_of(str(tmp_path), shard))
            database = Database(str(tmp_path), starter="")
            fixed = {a.ranges[0].fixed for n in range(9)
                     for a in database.about("npm", f"p-{n}") or ()}  # fmt: skip
            assert len(fixed) == 1, "all of one state"
            database.close()


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from advisories.mirrors import Mirror, record, updated
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
mirror = Mirror()
mirror.osv("npm", [record(f"GHSA-{n}", f"p-{n}", "2.0.0", "2026-02-01T00:00:00Z") for n in range(400)],
           listed=sys.argv[4] == "listed")
print(updated(sys.argv[1], ["npm"], mirror)["npm"].error)
"""


@pytest.mark.parametrize("kind", ["whole", "listed"])
@pytest.mark.parametrize("room", [0, 500, 9000, 20000])
def test_a_full_disk_leaves_the_old_shard(tmp_path: Path, room: int, kind: str) -> None:
    mirror = Mirror()
    mirror.osv("npm", [record(f"GHSA-{n}", f"p-{n}", "1.0.0", "2026-01-01T00:00:00Z")
                       for n in range(400)])  # fmt: skip
    updated(str(tmp_path), ["npm"], mirror)
    before = Path(path_of(str(tmp_path), "npm")).read_bytes()
    words = [sys.executable, "-c", FULL, str(tmp_path), TESTS, str(room), kind]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "cannot be" in printed
    assert Path(path_of(str(tmp_path), "npm")).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["npm.db"]


def test_readers_of_the_old_shard_are_not_disturbed(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", [record("GHSA-1", "p", "1.0.0", "2026-01-01T00:00:00Z")])
    updated(str(tmp_path), ["npm"], mirror)
    reader = Database(str(tmp_path), starter="")
    assert reader.has("npm")
    mirror.osv("npm", [record("GHSA-1", "p", "2.0.0", "2026-02-01T00:00:00Z")])
    assert updated(str(tmp_path), ["npm"], mirror)["npm"].changed
    known = reader.about("npm", "p")
    assert known
    assert known[0].ranges[0].fixed == "1.0.0"
    reader.close()


def test_a_look_up_opens_its_own_shard_alone(tmp_path: Path) -> None:
    mirror = Mirror()
    mirror.osv("npm", [record("GHSA-1", "p", "1.0.0", "2026-01-01T00:00:00Z")])
    updated(str(tmp_path), ["npm"], mirror)
    Path(path_of(str(tmp_path), "PyPI")).write_bytes(b"never opened")
    database = Database(str(tmp_path), starter="")
    assert database.about("npm", "p")
    with pytest.raises(DatabaseError, match="damaged"):
        database.about("PyPI", "p")
    database.close()


def test_a_place_that_has_nothing_is_told_from_one_that_cannot_be_asked(tmp_path: Path) -> None:
    mirror = Mirror()
    assert updated(str(tmp_path), ["npm"], mirror)["npm"].absent
    mirror.failures = {"https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip":
                       Unavailable("no network")}  # fmt: skip
    assert not updated(str(tmp_path), ["npm"], mirror)["npm"].absent
