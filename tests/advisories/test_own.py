"""Advisories of one's own, and what is known of a flaw and why."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from advisories.mirrors import Mirror, updated
from images import DEBIAN, advisory, docker_archive, dpkg_status, feed_mirror, kev, layer_tar
from pratique.cli import main

CVE = "CVE-2026-0001"
ROOT = {
    "etc/os-release": DEBIAN,
    "var/lib/dpkg/status": dpkg_status([("bash", "5.2-1"), ("ours", "1.4-1")]),
    "app/node_modules/left/package.json": b'{"name": "left", "version": "1.2.0"}',
}


@pytest.fixture
def image(tmp_path: Path) -> str:
    path = tmp_path / "image.tar"
    path.write_bytes(docker_archive([layer_tar(ROOT)]))
    return str(path)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    mirror = feed_mirror(tmp_path / "mirror", {
        "Debian": [advisory("DEBIAN-" + CVE, "Debian:12", "bash", "5.2-2", upstream=[CVE])],
        "npm": [advisory("GHSA-1", "npm", "left", "1.1.0", aliases=[CVE], summary="Too far left",
                         references=[{"type": "WEB", "url": "https://example.org/1"}]),
                advisory("GHSA-2", "npm", "left", "1.3.0", aliases=[CVE])],
    })  # fmt: skip
    kev(mirror, {CVE: "2026-02-03"})
    return ["--cache-dir", str(tmp_path / "cache"), "--feed-mirror", str(mirror)]


def own(folder: Path, name: str, record: dict[str, Any]) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(record))
    return str(folder)


def test_own_advisories_are_matched_beside_the_publishers(
    image: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own(tmp_path / "own", "one.json", advisory("ACME-1", "Debian", "ours", "2.0-1"))
    own(tmp_path / "own", "two.yaml", advisory("ACME-2", "npm", "left", "9.0.0"))
    status = main(["image", "--input", image, "-f", "json", "--advisories", folder, *options])
    report = json.loads(capsys.readouterr().out)
    found = {v["VulnerabilityID"] for r in report["Results"] for v in r.get("Vulnerabilities", [])}
    assert (status, found) == (0, {CVE, "ACME-1", "ACME-2"})
    [shard] = [s for s in report["Pratique"]["Reports"][0]["Advisories"] if s["Name"] == "own"]
    assert (shard["Records"], shard["Source"]) == (2, folder)


@pytest.mark.parametrize(("content", "said"), [
    ('{"id": 7}', "no OSV record"), ("{", "no OSV record"), ('{"id": "A-1"}', "names no package"),
])  # fmt: skip
def test_a_broken_record_of_ones_own_is_an_error(
    content: str, said: str, image: str, options: list[str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "own").mkdir()
    (tmp_path / "own/a.json").write_text(content)
    words = ["image", "--input", image, "--advisories", str(tmp_path / "own"), *options]
    assert main(words) == 4
    error = capsys.readouterr().err
    assert "own/a.json: " in error
    assert said in error


def test_a_flaw_is_explained(
    image: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["image", "--input", image, *options])
    capsys.readouterr()
    assert main(["explain", CVE.lower(), "--input", image, *options[:2]]) == 0
    text = capsys.readouterr().out
    for line in (
        f"{CVE}  UNKNOWN",
        "Too far left",
        f"also known as DEBIAN-{CVE}, GHSA-1, GHSA-2",
        "exploited: in CISA's catalogue since 2026-02-03",
        "    bash  <5.2-2",
        "    left  <1.1.0",
        "https://example.org/1",
        "5.2-1 < 5.2-2",
        "1.2.0 >= 1.1.0, where it is fixed",
        "1.2.0 < 1.3.0",
    ):
        assert line in text
    words = [line.split()[:2] for line in text.splitlines() if "ffected  " in line]
    assert words == [] or all(words)
    assert text.count("\n  AFFECTED ") == 2
    assert text.count("\n  not affected ") == 1


def test_what_nobody_knows_has_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "CVE-1999-99999", "--cache-dir", str(tmp_path)]) == 5
    assert "knows it" in capsys.readouterr().out


def test_own_advisories_are_explained(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own(tmp_path / "own", "one.json", advisory("ACME-1", "Debian", "ours", "2.0-1"))
    words = ["explain", "ACME-1", "--advisories", folder, "--input", image]
    assert main([*words, "--cache-dir", str(tmp_path / "c")]) == 0
    text = capsys.readouterr().out
    assert "AFFECTED      ours 1.4-1" in text
    assert "1.4-1 < 2.0-1" in text


def test_stale_advisories_are_refused_on_request(
    image: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["image", "--input", image, "--refuse-stale"]
    assert main([*words, *options]) == 0
    assert main([*words, "--offline", *options[:2]]) == 0
    for path in (tmp_path / "cache/db").glob("*.db"):
        os.utime(path, (0, time.time() - 90 * 3600))
    assert main([*words, "--offline", "--max-db-age", "100h", *options[:2]]) == 0
    assert main([*words, "--offline", *options[:2]]) == 5
    error = capsys.readouterr().err
    assert "advisories are older than 24 hours: Debian:12, npm" in error


def test_the_database_is_listed_and_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror = Mirror()
    mirror.osv("npm", [advisory("GHSA-1", "npm", "left", "1.1.0")])
    folder = tmp_path / "cache/db"
    updated(str(folder), ["npm"], mirror)
    assert main(["db", "info", "--cache-dir", str(tmp_path / "cache")]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("npm")]
    assert line.split()[1] == "1"
    assert line.endswith("test (osv)")
    assert main(["db", "verify", "--cache-dir", str(tmp_path / "cache")]) == 0
    assert "1 of 1 shards are whole" in capsys.readouterr().out
    data = bytearray((folder / "npm.db").read_bytes())
    data[2000] ^= 1
    (folder / "npm.db").write_bytes(data)
    assert main(["db", "verify", "--cache-dir", str(tmp_path / "cache")]) == 5
    assert "npm.db: damaged" in capsys.readouterr().out


def test_an_update_writes_what_changed(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["db", "update", "--ecosystem", "npm", "--diff", str(tmp_path / "diff.json"), *options]
    assert main(words) == 0
    assert json.loads((tmp_path / "diff.json").read_text())["New"] == ["KEV", "npm"]
    feed_mirror(tmp_path / "mirror", {"npm": [advisory("GHSA-3", "npm", "right", "1.0.0")]})
    kev(tmp_path / "mirror", {CVE: "2026-02-03"})
    assert main([*words, "--force"]) == 0
    changes = json.loads((tmp_path / "diff.json").read_text())["Shards"]["npm"]
    assert [(c["kind"], c["id"], c["package"]) for c in changes] == [
        ("withdrawn", "GHSA-1", "left"), ("withdrawn", "GHSA-2", "left"),
        ("added", "GHSA-3", "right"),
    ]  # fmt: skip
    assert "npm                      1 records, 3 changes" in capsys.readouterr().out
