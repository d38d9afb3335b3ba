"""Programs that nobody packaged, and projects of compiled languages, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executables import elf
from images import advisory, docker_archive, dpkg_status, feed_mirror, layer_tar
from pratique.cli import main


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21


def program(text: bytes) -> bytes:
    return elf({".rodata": (b"\0" + text + b"\0").ljust(4096, b"\0")})


def image(path: Path) -> str:
    base = layer_tar({
        "var/lib/dpkg/status": dpkg_status([("bash", "5.2.15-2")]),
        "var/lib/dpkg/info/bash.list": b"/.\n/bin/bash\n",
        "usr/bin/bash": program(b"@(#)Bash version 5.2.15(1) release GNU"),
    })  # fmt: skip
    own = layer_tar({
        "usr/local/sbin/nginx": program(b"Server: nginx/1.24.0\r\n"),
        "opt/bin/busybox": program(b"BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)"),
    })  # fmt: skip
    path.write_bytes(docker_archive([base, own]))
    return str(path)


def outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    record = advisory("BIT-nginx-2024-1", "Bitnami", "nginx", "1.25.4", aliases=["CVE-2024-1"])
    mirror = feed_mirror(tmp_path / "mirror", {"Bitnami": [record]})
    main([*words, "--cache-dir", str(tmp_path / "cache"), "--feed-mirror", str(mirror)])
    return capsys.readouterr().out


def test_an_unpackaged_program_is_found_matched_and_known_to_have_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tar = image(tmp_path / "image.tar")
    report: Any = json.loads(outcome(tmp_path, capsys, "image", "--input", tar, "-f", "json"))
    programs = [r for r in report["Results"] if r["Type"] == "binary"]
    assert [r["Target"] for r in programs] == ["opt/bin/busybox", "usr/local/sbin/nginx"]
    [nginx] = programs[1]["Packages"]
    assert nginx["Identifier"]["PURL"] == "pkg:generic/nginx@1.24.0"
    assert nginx["Pratique"]["CPE"] == "cpe:2.3:a:f5:nginx:1.24.0:*:*:*:*:*:*:*"
    [found] = programs[1]["Vulnerabilities"]
    assert (found["VulnerabilityID"], found["FixedVersion"]) == ("CVE-2024-1", "1.25.4")
    assert found["DataSource"]["ID"] == "Bitnami"
    [runtime] = report["Pratique"]["Reports"][0]["Runtimes"]
    assert (runtime["Name"], runtime["Ended"], runtime["Date"]) == ("nginx", True, "2024-04-23")


def test_the_table_says_what_has_ended_and_what_was_not_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = outcome(tmp_path, capsys, "image", "--input", image(tmp_path / "image.tar"))
    assert "  END OF LIFE: nginx 1.24.0 (since 2024-04-23)\n" in out
    assert "that no package manager installed: busybox not checked\n" in out


def test_a_project_is_read_with_its_modules_and_lock_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "project"
    files = {
        "pom.xml": "<project><groupId>g</groupId><artifactId>p</artifactId><version>1</version>"
        "<properties><v>2</v></properties></project>",
        "app/pom.xml": "<project><parent><groupId>g</groupId><artifactId>p</artifactId>"
        "<version>1</version></parent><artifactId>app</artifactId><dependencies><dependency>"
        "<groupId>x</groupId><artifactId>y</artifactId><version>${v}</version></dependency>"
        "</dependencies></project>",
        "k/gradle.lockfile": "a:b:3=runtimeClasspath\n",
        "s/build.sbt.lock": '{"lockVersion": 1, "dependencies": '
        '[{"org": "o", "name": "n", "version": "4"}]}',
        "old/go.mod": "module m\ngo 1.16\nrequire e.org/a v1.0.0\n",
        "old/go.sum": "e.org/a v1.0.0 h1:x=\ne.org/b v1.1.0 h1:x=\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    report: Any = json.loads(outcome(tmp_path, capsys, "fs", str(root), "-f", "json"))
    packages = [p for r in report["Results"] for p in r["Packages"]]
    assert {f"{p['Name']} {p.get('Version', '')}".strip() for p in packages} == {
        "g:p 1", "g:app 1", "x:y 2", "a:b 3", "o:n 4", "m", "e.org/a v1.0.0", "e.org/b v1.1.0",
    }  # fmt: skip
