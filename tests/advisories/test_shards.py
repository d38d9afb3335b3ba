from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from images import advisory, feed_mirror
from pratique.advisories.database import Database
from pratique.advisories.fetch import Document, Fetch, folder
from pratique.advisories.refresh import refresh
from pratique.advisories.shard import Origin, path_of, shards_in
from pratique.advisories.update import Outcome, Request
from pratique.advisories.update import update as updated
from pratique.advisories.write import write
from pratique.codecs import osv
from pratique.ecosystems.semver import version_key
from pratique.errors import DatabaseError, NotFound, Unavailable
from pratique.model.feed import About
from pratique.model.settings import Settings


def update(db: str, shards: list[str], fetch: Fetch, source: str) -> list[Outcome]:
    return updated(shards, Request(folder=db, fetch=fetch, source=source))


def records(count: int, version: str = "1.0.0") -> Iterator[About]:
    for number in range(count):
        more: dict[str, Any] = {"summary": f"Flaw {number}", "details": "words " * number}
        data = advisory(f"GHSA-{number}", "npm", f"package-{number % 50}", version, **more)
        yield from osv.affected(osv.read(json.encode(data), "test"), lambda _: version_key)


def test_what_is_written_is_found(tmp_path: Path) -> None:
    assert write(str(tmp_path), "npm", records(100), Origin("test")) == 100
    database = Database(str(tmp_path), starter="")
    known = database.about("npm", "package-7")
    assert known is not None
    assert [a.ranges[0].fixed for a in known] == ["1.0.0", "1.0.0"]
    found = [database.advisory("npm", a.number).id for a in known]
    assert found == ["GHSA-7", "GHSA-57"]
    assert [database.prose("npm", a.number).title for a in known] == ["Flaw 7", "Flaw 57"]
    assert database.about("npm", "absent") == ()
    assert database.about("PyPI", "package-7") is None
    [shard] = database.shards()
    assert (shard.name, shard.records, shard.source) == ("npm", 100, "test")


def test_the_same_records_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(str(tmp_path / name), "npm", records(100), Origin("test"))
    assert (tmp_path / "one/npm.db").read_bytes() == (tmp_path / "two/npm.db").read_bytes()


@pytest.mark.parametrize("name", ["Rocky Linux:9", "Debian:12", "Ubuntu:22.04:LTS", "a/b", "100%"])
def test_a_shard_of_any_name_is_found_again(tmp_path: Path, name: str) -> None:
    write(str(tmp_path), name, records(1), Origin("test"))
    assert shards_in(str(tmp_path)) == [name]
    assert Database(str(tmp_path), starter="").has(name)


def test_a_damaged_shard_says_which_and_what_to_do(tmp_path: Path) -> None:
    write(str(tmp_path), "npm", records(100), Origin("test"))
    path = tmp_path / "npm.db"
    data = bytearray(path.read_bytes())
    data[2000:] = b"\xff" * (len(data) - 2000)
    path.write_bytes(data)
    with pytest.raises(DatabaseError, match=r"npm\.db: damaged") as caught:
        [Database(str(tmp_path), starter="").about("npm", f"package-{n}") for n in range(50)]
    assert "db update" in caught.value.hint


def test_a_folder_that_refuses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be written"):
        write(str(tmp_path / "file"), "npm", records(1), Origin("test"))


def test_the_starter_stands_in_where_there_is_no_shard(tmp_path: Path) -> None:
    write(str(tmp_path / "starter"), "npm", records(1), Origin("starter", built="2026-01-01"))
    database = Database(str(tmp_path / "own"), starter=str(tmp_path / "starter"))
    assert database.about("npm", "package-0")
    assert database.shards()[0].starter
    write(str(tmp_path / "own"), "npm", records(2), Origin("test"))
    again = Database(str(tmp_path / "own"), starter=str(tmp_path / "starter"))
    assert again.about("npm", "package-1")
    assert not again.shards()[0].starter


def test_an_update_takes_what_changed_and_leaves_what_did_not(tmp_path: Path) -> None:
    mirror = feed_mirror(tmp_path / "m", {"npm": [advisory("GHSA-1", "npm", "x", "1.0.0")]})
    db = str(tmp_path / "db")
    [first] = update(db, ["npm"], folder(str(mirror)), "mirror")
    assert (first.records, first.changed, first.error) == (1, True, "")
    [second] = update(db, ["npm"], folder(str(mirror)), "mirror")
    assert (second.changed, second.error) == (False, "")
    time.sleep(0.01)
    feed_mirror(tmp_path / "m", {"npm": [advisory("GHSA-2", "npm", "x", "2.0.0")]})
    assert update(db, ["npm"], folder(str(mirror)), "mirror")[0].changed
    assert Database(db, starter="").advisory("npm", 0).id == "GHSA-2"


@pytest.mark.parametrize("broken", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_broken_feed_leaves_the_old_shard(tmp_path: Path, broken: bytes) -> None:
    mirror = feed_mirror(tmp_path / "m", {"npm": [advisory("GHSA-1", "npm", "x", "1.0.0")]})
    db = str(tmp_path / "db")
    update(db, ["npm"], folder(str(mirror)), "mirror")
    before = Path(path_of(db, "npm")).read_bytes()
    (mirror / "osv-vulnerabilities.storage.googleapis.com/npm/all.zip").write_bytes(broken)
    [outcome] = update(db, ["npm"], folder(str(mirror)), "mirror")
    assert outcome.error
    assert Path(path_of(db, "npm")).read_bytes() == before


def test_one_broken_record_refuses_the_whole(tmp_path: Path) -> None:
    mirror = feed_mirror(tmp_path / "m", {"npm": [advisory("GHSA-1", "npm", "x", "1.0.0"),
                                                  {"id": 7}]})  # fmt: skip
    [outcome] = update(str(tmp_path / "db"), ["npm"], folder(str(mirror)), "mirror")
    assert "7.json: no OSV record" in outcome.error
    assert shards_in(str(tmp_path / "db")) == []


def test_releases_of_a_distribution_come_from_one_document(tmp_path: Path) -> None:
    mirror = feed_mirror(tmp_path / "m", {"Debian": [
        advisory("DEBIAN-CVE-1", "Debian:12", "bash", "5.2-1"),
        advisory("DEBIAN-CVE-2", "Debian:11", "bash", "5.1-1"),
    ]})  # fmt: skip
    asked: list[str] = []
    read = folder(str(mirror))

    def fetch(address: str, etag: str) -> Document | None:
        asked.append(address)
        return read(address, etag)

    db = str(tmp_path / "db")
    outcomes = update(db, ["Debian:11", "Debian:12", "Debian:13"], fetch, "mirror")
    assert len(asked) == len(set(asked))
    assert [bool(outcome.error) for outcome in outcomes] == [False, False, True]
    assert Database(db, starter="").advisory("Debian:11", 0).id == "DEBIAN-CVE-2"


def test_a_feed_that_cannot_be_reached_leaves_the_others(tmp_path: Path) -> None:
    mirror = feed_mirror(tmp_path / "m", {"npm": [advisory("GHSA-1", "npm", "x", "1.0.0")]})
    read = folder(str(mirror))

    def fetch(address: str, etag: str) -> Document | None:
        if "PyPI" in address:
            raise Unavailable("no network")
        return read(address, etag)

    outcomes = update(str(tmp_path / "db"), ["PyPI", "npm"], fetch, "mirror")
    assert [(o.shard, o.error) for o in outcomes] == [("PyPI", "no network"), ("npm", "")]


def test_offline_asks_nobody(tmp_path: Path) -> None:
    nobody = str(tmp_path / "absent")
    for settings in (Settings(offline=True, feed_mirror=(nobody,)),
                     Settings(skip_db_update=True, feed_mirror=(nobody,))):  # fmt: skip
        assert refresh(str(tmp_path / "db"), ["npm"], settings) == []
    with pytest.raises(NotFound):
        refresh(str(tmp_path / "db"), ["npm"], Settings(feed_mirror=(nobody,)))


def test_an_old_shard_is_used_with_a_warning(tmp_path: Path) -> None:
    write(str(tmp_path), "npm", records(1), Origin("test"))
    os.utime(tmp_path / "npm.db", (0, time.time() - 10 * 86400))
    [problem] = refresh(str(tmp_path), ["npm"], Settings(offline=True))
    assert problem.what == "advisories for npm were last updated 10 days ago"


KILLED = """
import sys
from pratique.advisories.shard import Origin
from pratique.advisories.write import write
sys.path.insert(0, sys.argv[2])
from advisories.test_shards import records
while True:
    write(sys.argv[1], "npm", records(400, "2.0.0"), Origin("new"))
"""


def test_a_killed_update_leaves_a_whole_shard(tmp_path: Path) -> None:
    write(str(tmp_path), "npm", records(400), Origin("old"))
    tests = str(Path(__file__).parents[1])
    for wait in (0.5, 0.55, 0.6, 0.7):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), tests])
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        database = Database(str(tmp_path), starter="")
        fixed = {a.ranges[0].fixed for n in range(50)
                 for a in database.about("npm", f"package-{n}") or ()}  # fmt: skip
        assert len(fixed) == 1
        database.close()


def test_the_real_feeds_load(feed_mirror: Path, tmp_path: Path) -> None:
    outcomes = update(
        str(tmp_path), ["npm", "crates.io", "KEV"], folder(str(feed_mirror)), "corpus"
    )
    assert {o.shard: o.records for o in outcomes} == {"npm": 1014, "crates.io": 694, "KEV": 1649}
    database = Database(str(tmp_path), starter="")
    exploited = database.flaw("CVE-2021-44228").exploited
    assert exploited is not None
    assert (exploited.added, exploited.ransomware) == ("2021-12-10", True)
