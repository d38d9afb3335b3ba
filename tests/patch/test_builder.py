"""`patch --builder`: a real Debian, upgraded by its own apt in buildah, in one layer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from images import advisory, docker_archive, dpkg_status, layer_tar
from pratique.cli import main
from security_suite import MIRROR, debootstrapped, newer

OS_RELEASE = b'ID=debian\nVERSION_ID="12"\n'


@pytest.mark.debian
def test_what_apt_upgrades_is_one_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import subprocess  # noqa: PLC0415 - of this test alone

    if not shutil.which("buildah"):
        pytest.skip("buildah is not installed")
    root = debootstrapped(tmp_path, "openssl")
    feed = tmp_path / "advisories"
    feed.mkdir()
    for number, (source, version) in enumerate(newer(root)):
        record = advisory(f"TEST-{number}", "Debian:12", source, version)
        (feed / f"TEST-{number}.json").write_text(json.dumps(record))
    if not list(feed.iterdir()):
        pytest.skip("the security suite has nothing new for this root")
    sources = root / "etc/apt/sources.list"
    sources.write_text(sources.read_text()
                       + f"deb {MIRROR}/debian-security bookworm-security main\n")  # fmt: skip
    layer = tmp_path / "layer.tar"
    subprocess.run(
        ["tar", "-C", str(root), "--exclude=./dev/*", "-cf", str(layer), "."], check=True
    )
    image = tmp_path / "image.tar"
    image.write_bytes(docker_archive([layer.read_bytes()]))
    options = ["--advisories", str(feed), "--offline", "--cache-dir", str(tmp_path / "cache")]
    out = tmp_path / "out.tar"
    assert main(["patch", "--input", str(image), "-t", "lab:2", "-o", f"archive={out}", "--json",
                 "--builder", "buildah", *options]) in (0, 5)  # fmt: skip
    [done] = json.loads(capsys.readouterr().out)["Platforms"]
    assert done["Findings"]["After"] == {}
    assert done["Packages"]
    assert done["Layer"]["UnpackedSize"] < 60_000_000
    assert main(["image", "--input", str(out), *options, "--exit-code", "9"]) in (0, 5)


def test_without_a_package_manager_there_is_nothing_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": dpkg_status([("bash", "5.2-1")])}
    image = tmp_path / "image.tar"
    image.write_bytes(docker_archive([layer_tar(files)]))
    feed = tmp_path / "advisories"
    feed.mkdir()
    (feed / "T.json").write_text(json.dumps(advisory("TEST-1", "Debian:12", "bash", "5.2-2")))
    assert main(["patch", "--input", str(image), "-t", "lab:2", "-o", f"archive={tmp_path / 'o'}",
                 "--builder", "docker", "--advisories", str(feed), "--offline",
                 "--cache-dir", str(tmp_path / "cache")]) == 2  # fmt: skip
    assert "has no package manager that a build could run" in capsys.readouterr().err
