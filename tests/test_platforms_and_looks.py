"""Several platforms in one run, a registry through the command line, and how a table looks."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from images import DEBIAN, advisory, dpkg_status, feed_mirror
from oci_layout import Layout
from pratique.cli import main
from pratique.formats.table.grid import Style, grid

SHOP = str(Path(__file__).parents[1] / "examples" / "shop.tar")
BASE = {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("glibc", "2.36-9")])}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "layout")
    shared = {name: data for name, data in BASE.items() if data}
    amd = layout.image(shared, {"a": b"amd"}, platform="linux/amd64")
    arm = layout.image(shared, {"a": b"arm"}, platform="linux/arm64")
    layout.tag(latest=layout.index(amd, arm, layout.attestation(amd["digest"])))
    return layout


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    mirror = feed_mirror(tmp_path / "mirror", {
        "Debian": [advisory("DEBIAN-CVE-2023-4911", "Debian:12", "glibc", "2.36-9+deb12u3",
                            upstream=["CVE-2023-4911"])],
    })  # fmt: skip
    return ["--feed-mirror", str(mirror), "--cache-dir", str(tmp_path / "cache"), "-f", "json"]


def scan(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["image", *words]) == 0
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return report


def test_every_platform_is_scanned_and_told_apart(
    layout: Layout, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    report = scan(capsys, "--input", str(layout.path), "--platform", "all", *options)
    results = report["Results"]
    assert isinstance(results, list)
    assert [(r["Platform"], r["Vulnerabilities"][0]["VulnerabilityID"]) for r in results] == [
        ("linux/amd64", "CVE-2023-4911"),
        ("linux/arm64", "CVE-2023-4911"),
    ]


def test_one_platform_is_chosen(
    layout: Layout, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--input", str(layout.path), "--platform", "linux/arm64", *options)
    report = scan(capsys, *words)
    metadata = report["Metadata"]
    assert isinstance(metadata, dict)
    assert metadata["ImageConfig"]["architecture"] == "arm64"
    assert main(["image", *words[:2], "--platform", "linux/s390x", *options]) == 3
    assert "linux/amd64" in capsys.readouterr().err


def test_a_foreign_layer_is_a_problem_and_the_rest_is_scanned(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    layout = Layout(tmp_path / "foreign")
    image = layout.image({name: data for name, data in BASE.items() if data}, {"b": b"b"})
    manifest = json.loads(layout.read(image["digest"]))
    away = manifest["layers"][1]
    (layout.path / "blobs" / "sha256" / away["digest"][7:]).unlink()
    away["urls"] = ["https://elsewhere.example/layer"]
    layout.tag(latest=layout.document(manifest, image["mediaType"], platform=image["platform"]))
    for _ in range(2):  # what was not read is not kept
        report = scan(capsys, "--input", str(layout.path), *options)
        assert "https://elsewhere.example/layer" in json.dumps(report["Pratique"])
        assert "CVE-2023-4911" in json.dumps(report["Results"])


def test_a_grid_fits_the_width_and_loses_no_row() -> None:
    rows = [("CVE-2024-1", "HIGH", "n" * 60, "1.0", "2.0", "w" * 100)] * 3
    header = ("ID", "SEVERITY", "PACKAGE", "INSTALLED", "FIXED", "WHERE")
    lines = list(grid(header, rows, 80, Style(color=False)))
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80
    assert max(map(len, grid(header, rows, 0, Style(color=False)))) > 160


def test_a_hostile_name_cannot_steer_the_terminal() -> None:
    rows = [("CVE-1", "HIGH", "\x1b[2Jevil\r\n\u202e", "1", "2", "x")]
    header = ("ID", "SEVERITY", "PACKAGE", "INSTALLED", "FIXED", "WHERE")
    text = "\n".join(grid(header, rows, 0, Style(color=False)))
    assert text.count("\n") == 1
    assert not {"\x1b", "\r", "\u202e"} & set(text)


def test_on_a_terminal_it_is_coloured_fits_and_shows_progress(tmp_path: Path) -> None:
    code = "from pratique.cli import main; raise SystemExit(main())"
    words = ["image", "--input", SHOP, "--offline", "--cache-dir", str(tmp_path)]
    controller, terminal = pty.openpty()
    subprocess.run(["stty", "cols", "90"], stdin=terminal, check=True)
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    process = subprocess.Popen([sys.executable, "-I", "-c", code, *words], stdout=terminal,
                               stderr=terminal, env=environment)  # fmt: skip
    os.close(terminal)
    output = b""
    while True:
        try:
            piece = os.read(controller, 1 << 16)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        output += piece
    assert process.wait() == 0
    os.close(controller)
    text = output.decode()
    assert "\x1b[1;31mCRITICAL" in text
    table = [line for line in text.split("\r\n") if "\x1b[31mHIGH" in line and "CVE-" in line]
    plain = [line.replace("\x1b[31m", "").replace("\x1b[0m", "") for line in table]
    assert plain
    assert max(map(len, plain)) <= 90
