"""What indexes answered counts for as long as they say, is revalidated, and told of when old."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from loopback import Answer, Asked, serve
from pratique.cache import Cache
from pratique.codecs.simple_index import archives
from pratique.errors import MalformedError, NotFound, SourceError, Unauthorized, Unavailable
from pratique.kept_answers import KeptAnswers, _freshness
from pratique.net import Client

ACCEPT = "application/json"


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


Kept = Callable[..., KeptAnswers]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Give what is kept in a folder, as a run of its own finds it."""
    client = Client(tries=1, timeout=5)

    def open_at(folder: Path, clock: Clock, *, offline: bool = False) -> KeptAnswers:
        client.close()  # as another run
        return KeptAnswers(Cache(str(folder)), None if offline else lambda: client, clock)

    yield open_at
    client.close()


def index(headers: dict[str, str]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if headers.get("ETag") and asked.headers.get("if-none-match") == headers["ETag"]:
            return Answer(304, headers=headers)
        return Answer(200, b"body of " + asked.headers["accept"].encode(), headers)

    return answer


def test_an_answer_counts_as_long_as_the_index_says_then_is_revalidated(
    kept: Kept, tmp_path: Path
) -> None:
    clock = Clock()
    with serve(index({"ETag": '"1"', "Cache-Control": "max-age=600, public"})) as stub:
        url = f"{stub.url}/simple/flask/"
        for _ in range(2):  # two runs
            assert kept(tmp_path, clock).get(url, ACCEPT) == b"body of application/json"
        assert len(stub.asked) == 1
        clock.seconds += 601
        for _ in range(2):  # a 304 renews it
            assert kept(tmp_path, clock).get(url, ACCEPT) == b"body of application/json"
        assert [one.headers.get("if-none-match") for one in stub.asked] == [None, '"1"']
        assert kept(tmp_path, clock).get(url, "text/plain") == b"body of text/plain"


def test_an_index_that_says_nothing_is_asked_again_after_ten_minutes(
    kept: Kept, tmp_path: Path
) -> None:
    clock = Clock()
    with serve(index({})) as stub:
        for later in (0, 599, 1):
            clock.seconds += later
            kept(tmp_path, clock).get(f"{stub.url}/a", ACCEPT)
        assert len(stub.asked) == 2


@pytest.mark.parametrize("control", ["no-store, max-age=600", "no-cache", "private", "max-age=x"])
def test_what_may_not_be_used_unasked_is_asked_for(
    kept: Kept, tmp_path: Path, control: str
) -> None:
    with serve(index({"Cache-Control": control})) as stub:
        for _ in range(2):
            kept(tmp_path, Clock()).get(f"{stub.url}/a", ACCEPT)
        assert len(stub.asked) == 2


def test_offline_the_last_answer_counts_and_its_age_is_told(kept: Kept, tmp_path: Path) -> None:
    clock = Clock()
    with serve(index({"Cache-Control": "max-age=60"})) as stub:
        url = f"{stub.url}/a"
        kept(tmp_path, clock).get(url, ACCEPT)
    clock.seconds += 200_000
    for offline in (True, False):  # not asked, or out of reach
        answers = kept(tmp_path, clock, offline=offline)
        assert answers.oldest() is None
        assert answers.get(url, ACCEPT) == b"body of application/json"
        assert answers.oldest() == 200_000
    with pytest.raises(Unavailable, match="offline"):
        kept(tmp_path, clock, offline=True).get(f"{url}b", ACCEPT)


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (401, Unauthorized)])
def test_what_the_index_refuses_is_not_taken_from_what_is_kept(
    kept: Kept, tmp_path: Path, status: int, error: type[Exception]
) -> None:
    clock, answers = Clock(), iter([Answer(body=b"x"), Answer(status)])
    with serve(lambda _: next(answers)) as stub:
        kept(tmp_path, clock).get(f"{stub.url}/a", ACCEPT)
        clock.seconds += 601
        with pytest.raises(error):
            kept(tmp_path, clock).get(f"{stub.url}/a", ACCEPT)
        if status == 404:  # it was withdrawn, offline too
            with pytest.raises(Unavailable):
                kept(tmp_path, clock, offline=True).get(f"{stub.url}/a", ACCEPT)


def test_a_304_to_a_damaged_entry_cannot_happen(kept: Kept, tmp_path: Path) -> None:
    with serve(index({"ETag": '"1"', "Cache-Control": "max-age=60"})) as stub:
        kept(tmp_path, Clock()).get(f"{stub.url}/a", ACCEPT)
        for entry in (path for path in tmp_path.rglob("*") if path.is_file()):
            entry.write_bytes(entry.read_bytes()[:-1])
        assert kept(tmp_path, Clock()).get(f"{stub.url}/a", ACCEPT)
        assert "if-none-match" not in stub.asked[-1].headers


def test_no_password_is_written(kept: Kept, tmp_path: Path) -> None:
    with serve(index({"ETag": '"1"'})) as stub:
        url = stub.url.replace("://", "://me:hunter2@")
        kept(tmp_path, Clock()).get(f"{url}/a", ACCEPT)
        assert stub.asked[0].headers["authorization"].startswith("Basic ")
    keys = [f"index answer 1\n{ACCEPT}\n{stub.url}/a\n{mark:04x}" for mark in range(1 << 16)]
    found = next(entry for key in keys if (entry := Cache(str(tmp_path)).get(key)))
    assert b"127.0.0.1" in found
    assert b"hunter2" not in found


def test_who_asks_is_not_answered_what_another_was(kept: Kept, tmp_path: Path) -> None:
    with serve(index({"Cache-Control": "max-age=600"})) as stub:
        for user in ("me:hunter2@", "me:hunter3@", "", "you@", "me:hunter2@"):
            url = stub.url.replace("://", f"://{user}")
            kept(tmp_path, Clock()).get(f"{url}/a", ACCEPT)
    assert len(stub.asked) == 4


def test_no_password_is_said() -> None:
    with pytest.raises(MalformedError) as said:
        archives(b"{", "https://me:hunter2@example.com/simple/flask/")
    assert "hunter2" not in str(said.value)
    assert "example.com/simple/flask" in str(said.value)


def test_what_nobody_verified_counts_in_no_run_that_does(tmp_path: Path) -> None:
    """Else one --insecure would give what it was told to all later runs, by a true ETag."""
    client = Client(tries=1, timeout=5)
    with serve(index({"ETag": '"1"', "Cache-Control": "max-age=600"})) as stub:
        for is_trusted in (False, True, False):
            answers = KeptAnswers(Cache(str(tmp_path)), lambda: client, Clock(),
                                  is_trusted=is_trusted)  # fmt: skip
            answers.get(f"{stub.url}/a", ACCEPT)
    client.close()
    assert [one.headers.get("if-none-match") for one in stub.asked] == [None, None]


def test_a_page_to_log_in_is_not_kept(kept: Kept, tmp_path: Path) -> None:
    """Nor does it take the place of what was kept before."""
    page = Answer(body=b"<html>log in", headers={"Content-Type": "text/html; charset=utf-8"})
    answers, clock = iter([Answer(body=b"good"), page, Answer(body=b"better")]), Clock()
    with serve(lambda _: next(answers)) as stub:
        url = f"{stub.url}/a"
        assert kept(tmp_path, clock).get(url, ACCEPT) == b"good"
        clock.seconds += 601
        assert kept(tmp_path, clock).get(url, ACCEPT) == page.body
        assert kept(tmp_path, clock, offline=True).get(url, ACCEPT) == b"good"
        assert kept(tmp_path, clock).get(url, ACCEPT) == b"better"


def test_a_304_that_nobody_asked_for_is_no_answer(kept: Kept, tmp_path: Path) -> None:
    with serve(lambda _: Answer(304)) as stub, pytest.raises(SourceError, match="304"):
        kept(tmp_path, Clock()).get(f"{stub.url}/a", ACCEPT)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("field", ["\r\nX-Injected: 1", "\u2603", "\0"])
def test_what_somebody_else_wrote_becomes_no_header(kept: Kept, tmp_path: Path, field: str) -> None:
    clock = Clock()
    with serve(index({})) as stub:
        url = f"{stub.url}/a"
        for etag, modified in ((field, ""), ("", field)):
            forged = msgpack.encode([url, 0, 0, etag, modified, b"x"])
            Cache(str(tmp_path)).put(f"index answer 1\n{ACCEPT}\n{url}", forged)
            assert kept(tmp_path, clock).get(url, ACCEPT) == b"body of application/json"
    assert not any("x-injected" in one.headers for one in stub.asked)


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_in_the_cache_are_no_answer(data: bytes, packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder)
        key = f"index answer 1\n{ACCEPT}\nhttps://example.com/a"
        cache.put(key, data)
        [path] = (path for path in Path(folder).rglob("*") if path.is_file())
        if not packed:
            path.write_bytes(b"PRQ1" + zlib.crc32(data).to_bytes(4, "big") + data)
        with pytest.raises(Unavailable):
            KeptAnswers(cache, None).get("https://example.com/a", ACCEPT)


def test_several_threads_and_runs_at_once(kept: Kept, tmp_path: Path) -> None:
    with serve(index({"ETag": '"1"', "Cache-Control": "max-age=60"})) as stub:
        found: list[bytes] = []

        def run() -> None:
            answers = kept(tmp_path, Clock())
            found.extend(answers.get(f"{stub.url}/{n}", ACCEPT) for n in range(20))
            answers.close()

        threads = [Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [b"body of application/json"] * 80


def test_the_oldest_entries_go_where_there_are_too_many(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    for n in range(10):
        before = set(tmp_path.rglob("*"))
        cache.put(str(n), bytes([n]) * 10)
        [entry] = [path for path in set(tmp_path.rglob("*")) - before if path.is_file()]
        os.utime(entry, (n, n))
    each = entry.stat().st_size
    cache.trim(10 * each)
    assert all(cache.get(str(n)) for n in range(10))
    cache.trim(3 * each)
    assert [n for n in range(10) if cache.get(str(n))] == [7, 8, 9]


@given(st.text(max_size=40), st.text(max_size=12))
def test_no_header_makes_an_answer_count_longer_than_an_hour(control: str, age: str) -> None:
    assert 0 <= _freshness({"cache-control": control, "age": age}) <= 3600
    assert 0 <= _freshness({"cache-control": f"max-age={control}", "age": age}) <= 3600


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_the_age_of_an_answer_counts_too(most: int, age: int) -> None:
    found = _freshness({"cache-control": f"public, max-age={most}", "age": str(age)})
    assert found == max(0, min(most - age, 3600))
