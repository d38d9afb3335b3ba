from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pratique.cache import Cache, MemoryCache


def test_what_is_put_is_got_and_nothing_else(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.put("key", b"data" * 1000)
    assert cache.get("key") == b"data" * 1000
    assert cache.get("other") is None
    assert cache.clean() == 1
    assert cache.get("key") is None


def test_a_damaged_entry_counts_as_absent(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.put("key", b"data" * 1000)
    [entry] = [path for path in tmp_path.rglob("*") if path.is_file()]
    whole = entry.read_bytes()
    for at in range(len(whole)):
        entry.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache.get("key") is None, at
    for size in range(len(whole)):
        entry.write_bytes(whole[:size])
        assert cache.get("key") is None, size


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(str(tmp_path / "file"))
    cache.put("key", b"data")
    assert cache.get("key") is None


def test_the_cache_of_one_process_ends_with_it() -> None:
    MemoryCache().put("key", b"data")
    assert MemoryCache().get("key") is None


def test_many_scans_at_once_share_one_cache(tmp_path: Path) -> None:
    shop = str(Path(__file__).parents[1] / "examples" / "shop.tar")
    code = "from pratique.cli import main; raise SystemExit(main())"
    words = ["image", "--input", shop, "--offline", "-f", "json", "--cache-dir", str(tmp_path)]
    running = [
        subprocess.Popen([sys.executable, "-I", "-c", code, *words], stdout=subprocess.PIPE,
                         env={"SOURCE_DATE_EPOCH": "1790000000"})
        for _ in range(6)
    ]  # fmt: skip
    outputs = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * 6
    assert len(set(outputs)) == 1
    assert b"CVE-2021-44228" in outputs[0]
    assert not [path for path in tmp_path.rglob("*") if "." in path.name and path.is_file()]
