"""Documents from mirrors in turn, and downloads that are taken up where another process ended."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from loopback import Answer, Asked, free_port, serve
from pratique.advisories.fetch import choose, folder, in_turn, network
from pratique.errors import NotFound, Unavailable
from pratique.model.event import BytesRead, Event
from pratique.model.settings import Settings
from pratique.net import Client

pytest_plugins = ["net_fixtures"]

ADDRESS = "https://feeds.test/npm/all.zip"
DATA = bytes(range(256)) * 20_000


class Host:
    """Serves one document by ranges, cutting answers short as long as it is told to."""

    def __init__(self, data: bytes = DATA, etag: str = '"1"') -> None:
        self.data, self.etag = data, etag
        self.cuts: list[int] = []
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.headers.get("if-none-match") == self.etag:
            return Answer(304)
        headers = {"ETag": self.etag} if self.etag else {}
        start = 0
        wanted = asked.headers.get("range", "")
        if wanted and asked.headers.get("if-range", self.etag) == self.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(self.data):
                return Answer(416)
            headers["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        cut = self.cuts.pop(0) if self.cuts else -1
        return Answer(206 if start else 200, self.data[start:], headers, cut)

    def ranges(self) -> list[str]:
        return [asked.headers.get("range", "") for asked in self.asked]


PROCESS = """
import sys
from pratique.advisories.fetch import network
from pratique.net import Client
fetch = network(Client(tries=1, timeout=5), sys.argv[1], sys.argv[2])
fetch(sys.argv[3], "")
"""


def test_another_process_goes_on_where_one_was_killed(client: Client, tmp_path: Path) -> None:
    host = Host()
    host.cuts = [3_000_000, *[0] * 20]
    with serve(host) as stub:
        words = [sys.executable, "-c", PROCESS, stub.url, str(tmp_path / "parts"), ADDRESS]
        assert subprocess.run(words, capture_output=True, check=False).returncode
        host.cuts.clear()
        [kept] = (tmp_path / "parts").glob("*.part")
        size = kept.stat().st_size
        assert size > 1_000_000
        document = network(client, stub.url, str(tmp_path / "parts"))(ADDRESS, "")
        assert document is not None
        assert document.file.read() == DATA
        document.file.close()
    assert host.ranges()[-1] == f"bytes={size}-"
    assert list((tmp_path / "parts").iterdir()) == []


def test_a_part_of_another_version_is_not_gone_on_with(client: Client, tmp_path: Path) -> None:
    host = Host()
    host.cuts = [3_000_000, *[0] * 20]
    with serve(host) as stub:
        words = [sys.executable, "-c", PROCESS, stub.url, str(tmp_path), ADDRESS]
        subprocess.run(words, capture_output=True, check=False)
        host.cuts.clear()
        host.data, host.etag = DATA[::-1], '"2"'
        document = network(client, stub.url, str(tmp_path))(ADDRESS, "")
        assert document is not None
        assert document.file.read() == DATA[::-1]
        assert document.etag == '"2"'
        document.file.close()


def test_a_resumed_download_that_breaks_again_goes_on_while_more_comes(
    client: Client, tmp_path: Path
) -> None:
    host = Host()
    host.cuts = [2_000_000, *[0] * 20]
    with serve(host) as stub:
        words = [sys.executable, "-c", PROCESS, stub.url, str(tmp_path), ADDRESS]
        subprocess.run(words, capture_output=True, check=False)
        host.cuts = [1_200_000, 1_200_000]
        document = network(client, stub.url, str(tmp_path))(ADDRESS, "")
        assert document is not None
        assert document.file.read() == DATA
        document.file.close()
    starts = [int(wanted[6:-1]) for wanted in host.ranges()[-3:]]
    assert 0 < starts[0] < starts[1] < starts[2]


def test_what_has_not_changed_is_not_fetched(client: Client, tmp_path: Path) -> None:
    with serve(Host()) as stub:
        assert network(client, stub.url, str(tmp_path))(ADDRESS, '"1"') is None


def test_two_at_once_do_not_share_a_part(client: Client, tmp_path: Path) -> None:
    with serve(Host()) as stub:
        fetch = network(client, stub.url, str(tmp_path))
        one, other = fetch(ADDRESS, ""), fetch(ADDRESS, "")
        assert one is not None
        assert other is not None
        assert one.file.read() == other.file.read() == DATA
        one.file.close()
        other.file.close()


def test_bytes_are_told_as_they_come(client: Client, tmp_path: Path) -> None:
    seen: list[Event] = []
    with serve(Host()) as stub:
        document = network(client, stub.url, str(tmp_path), seen.append)(ADDRESS, "")
        assert document is not None
        document.file.close()
    assert sum(event.count for event in seen if isinstance(event, BytesRead)) == len(DATA)


def test_mirrors_are_asked_in_turn(client: Client, waits: list[float], tmp_path: Path) -> None:
    (tmp_path / "feeds.test/npm").mkdir(parents=True)
    (tmp_path / "feeds.test/npm/all.zip").write_bytes(b"zip")
    with serve(lambda _: Answer(404)) as lacking:
        fetch = in_turn([network(client, lacking.url, str(tmp_path / "p")), folder(str(tmp_path))])
        document = fetch(ADDRESS, "")
        assert document is not None
        assert document.file.read() == b"zip"
        document.file.close()
        with pytest.raises(NotFound):
            fetch("https://feeds.test/absent", "")
    nobody = f"http://127.0.0.1:{free_port()}"
    dead = in_turn([network(client, nobody, str(tmp_path / "p")), folder(str(tmp_path))])
    with pytest.raises(Unavailable):  # that it is nowhere was not shown
        dead("https://feeds.test/absent", "")


def test_a_folder_lists_its_files(tmp_path: Path) -> None:
    for name in ("2023/b.json", "2023/a.json", "c.json"):
        path = tmp_path / "feeds.test/vex" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    fetch = folder(str(tmp_path))
    listing = fetch("https://feeds.test/vex/", "")
    assert listing is not None
    assert sorted(listing.file.read().decode().split()) == ["2023/a.json", "2023/b.json", "c.json"]
    assert fetch("https://feeds.test/vex/", listing.etag) is None
    time.sleep(0.01)
    (tmp_path / "feeds.test/vex/c.json").write_text("[]")
    assert fetch("https://feeds.test/vex/", listing.etag) is not None


@pytest.mark.parametrize("address", ["https://../etc/passwd", "https://h/../../etc/passwd",
                                     "https://h/%2e%2e/%2e%2e/etc/passwd"])  # fmt: skip
def test_an_address_does_not_lead_out_of_the_folder(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotFound):
        folder(str(tmp_path))(address, "")


def test_a_mirror_that_is_no_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such folder"):
        choose(Settings(feed_mirror=(str(tmp_path / "absent"),)), str(tmp_path))
