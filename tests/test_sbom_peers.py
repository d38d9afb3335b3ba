"""Trivy and Syft read what we write, and we what they write, without losing a package.

Needs `trivy` or `syft` on the PATH; neither asks a network here.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from images import DEBIAN, docker_archive, dpkg_status, layer_tar
from pratique.model.image import Image
from pratique.model.inventory import Inventory
from pratique.model.settings import Settings
from pratique.scanning import scan
from sboms import FORMATS, scanned, written

OFFLINE = ("--offline-scan", "--skip-db-update", "--skip-version-check", "--quiet")
RELEASES = {
    "debian": DEBIAN,
    "almalinux": b'ID=almalinux\nVERSION_ID="9.4"\nPRETTY_NAME="AlmaLinux 9.4"\n',
    "alpine": b"ID=alpine\nVERSION_ID=3.20.1\n",
}
APK = b"P:ssl_client\nV:1.36.1-r5\nA:x86_64\no:busybox\nL:GPL-2.0-only\n\n"


def peer(name: str, *words: str) -> None:
    """Run another scanner, or skip the test."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not on the PATH")
    subprocess.run([program, *words], check=True, capture_output=True)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An image of several layers with packages of several kinds."""
    path = tmp_path / "x.tar"
    path.write_bytes(docker_archive([
        layer_tar({"etc/os-release": DEBIAN, "etc/debian_version": b"12.5\n",
                   "var/lib/dpkg/status": dpkg_status([("libc6", "1:2.36-9+b1"), ("bash", "5.2-1")])
                   .replace(b"Package: libc6", b"Package: libc6\nSource: glibc (1:2.36-9)")}),
        layer_tar({"app/node_modules/@a/b/package.json": b'{"name": "@a/b", "version": "1.0.0"}',
                   "srv/Flask_X-2.0.1.dist-info/METADATA":
                   b"Metadata-Version: 2.1\nName: Flask_X\nVersion: 2.0.1\nLicense: MIT\n"}),
    ]))  # fmt: skip
    return path


def essence(inventory: Inventory, image: Image | None) -> set[tuple[str, ...]]:
    """What has to survive: who it is, what it was built from, in which layer and where it is."""
    assert image
    layers = [*(layer.diff_id for layer in image.layers), ""]
    return {
        (p.type, p.name.lower().replace("_", "-"), p.version, p.arch, p.source, p.source_version,
         layers[p.changed], "" if p.type in ("deb", "rpm", "apk") else p.path)
        for p in inventory.packages
    }  # fmt: skip


def own(archive: Path) -> set[tuple[str, ...]]:
    [report] = scan("", Settings(input=str(archive), no_cache=True, scanners=()))
    return essence(report.inventory, report.image)


@pytest.mark.parametrize("theirs", ["cyclonedx", "spdx-json"])
@pytest.mark.parametrize("ours", ["cyclonedx", "spdx", "spdx-json"])
def test_trivy_keeps_what_we_write(archive: Path, tmp_path: Path, ours: str, theirs: str) -> None:
    [report] = scan("", Settings(input=str(archive), no_cache=True, scanners=()))
    (tmp_path / "ours").write_bytes(written(ours, report))
    cache = ("--cache-dir", str(tmp_path / "cache"))
    peer("trivy", "sbom", str(tmp_path / "ours"), "-f", theirs, "-o", str(tmp_path / "theirs"), *cache,
         *OFFLINE)  # fmt: skip
    [found] = scanned((tmp_path / "theirs").read_bytes())
    kept, expected = (essence(one.inventory, one.image) for one in (found, report))
    if theirs == "spdx-json":  # which Trivy writes without source packages and files here
        kept, expected = ({(*e[:4], e[6]) for e in those} for those in (kept, expected))
    assert kept == expected


@pytest.mark.parametrize("name", ["cyclonedx", "spdx-json"])
def test_we_keep_what_trivy_writes(archive: Path, tmp_path: Path, name: str) -> None:
    cache = ("--cache-dir", str(tmp_path / "cache"))
    peer("trivy", "image", "--input", str(archive), "-f", name, "-o", str(tmp_path / "theirs"), *cache,
         *OFFLINE)  # fmt: skip
    [found] = scanned((tmp_path / "theirs").read_bytes())
    assert essence(found.inventory, found.image) == own(archive)


@pytest.mark.parametrize("release", RELEASES)
def test_trivy_passes_over_no_distribution(tmp_path: Path, release: str) -> None:
    archive = tmp_path / "x.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "etc/os-release": RELEASES[release], "lib/apk/db/installed": APK,
    })]))  # fmt: skip
    [report] = scan("", Settings(input=str(archive), no_cache=True, scanners=()))
    (tmp_path / "ours").write_bytes(written("cyclonedx", report))
    peer("trivy", "sbom", str(tmp_path / "ours"), "-f", "cyclonedx", "-o", str(tmp_path / "theirs"),
         "--cache-dir", str(tmp_path / "cache"), *OFFLINE)  # fmt: skip
    [found] = scanned((tmp_path / "theirs").read_bytes())
    assert [p.name for p in found.inventory.packages] == ["ssl_client"]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "spdx3-json"])
def test_syft_keeps_what_we_write(archive: Path, tmp_path: Path, name: str) -> None:
    [report] = scan("", Settings(input=str(archive), no_cache=True, scanners=()))
    (tmp_path / "ours").write_bytes(written(name, report))
    peer("syft", "convert", str(tmp_path / "ours"), "-o", f"syft-json={tmp_path}/theirs", "-q")
    [found] = scanned((tmp_path / "theirs").read_bytes())
    kept = {(p.type, p.name, p.version) for p in found.inventory.packages}
    assert {(p.type, p.name, p.version) for p in report.inventory.packages} <= kept


@pytest.mark.parametrize("name", ["cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-tag-value",
                                  "syft-json"])  # fmt: skip
def test_we_keep_what_syft_writes(archive: Path, tmp_path: Path, name: str) -> None:
    peer("syft", "scan", f"docker-archive:{archive}", "-o", f"{name}={tmp_path}/theirs", "-q")
    [found] = scanned((tmp_path / "theirs").read_bytes())
    expected = {entry[:6] for entry in own(archive)}
    assert {entry[:6] for entry in essence(found.inventory, found.image)} == expected
