"""A real Debian root from the main suite, patched from its security suite, judged by dpkg itself.

Needs root, debootstrap and a mirror of Debian; skipped elsewhere.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from images import advisory
from pratique.cli import main
from security_suite import MIRROR, debootstrapped, newer

pytestmark = pytest.mark.debian
SECURITY = f"{MIRROR}/debian-security bookworm-security main"
MAIN = f"{MIRROR}/debian bookworm main"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("debian")
    return debootstrapped(folder, "openssl,curl,ca-certificates,xz-utils")


def _records(root: Path) -> Iterator[dict[str, Any]]:
    """Say of every package that the security suite has anew that it has a flaw."""
    for number, (source, version) in enumerate(newer(root), 1):
        yield advisory(f"TEST-{number}", "Debian:12", source, version)


def _archive(root: Path, path: Path) -> None:
    layer = path.with_suffix(".layer")
    subprocess.run(["tar", "-C", str(root), "-cf", str(layer), "."], check=True)
    digest = subprocess.run(["sha256sum", str(layer)], check=True, capture_output=True, text=True)
    diff_id = f"sha256:{digest.stdout.split()[0]}"
    config = {
        "os": "linux",
        "architecture": "amd64",
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
    }
    (path.parent / "c.json").write_text(json.dumps(config))
    saved = [{"Config": "c.json", "RepoTags": ["lab/debian:12"], "Layers": ["layer.tar"]}]
    (path.parent / "manifest.json").write_text(json.dumps(saved))
    with tarfile.open(path, "w") as archive:
        archive.add(layer, "layer.tar")
        for name in ("c.json", "manifest.json"):
            archive.add(path.parent / name, name)


def _apply(layer: Path, root: Path) -> None:
    with tarfile.open(layer) as archive:
        for info in archive:
            folder, _, name = info.name.rpartition("/")
            if name.startswith(".wh."):
                target = root / folder / name.removeprefix(".wh.")
                shutil.rmtree(
                    target
                ) if target.is_dir() and not target.is_symlink() else target.unlink()
    command = ["tar", "-C", str(root), "--numeric-owner", "--exclude=.wh.*", "-xzf", str(layer)]
    subprocess.run(command, check=True)


def _in(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["chroot", str(root), *words], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_dpkg_agrees_and_programs_run(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "advisories"
    feed.mkdir()
    records = list(_records(base))
    if not records:
        pytest.skip("the security suite has nothing new for this root")
    for record in records:
        (feed / f"{record['id']}.json").write_text(json.dumps(record))
    image = tmp_path / "image.tar"
    _archive(base, image)
    clean = _in(base, "dpkg", "-V")
    assert main([
        "patch", "--input", str(image), "-t", "lab/debian:patched", "-o", f"layout={tmp_path / 'out'}",
        "--mirror", SECURITY, "--mirror", MAIN, "--advisories", str(feed), "--offline", "--json",
        "--cache-dir", str(tmp_path / "cache"),
    ]) == 0  # fmt: skip
    said = json.loads(capsys.readouterr().out)
    [done] = said["Platforms"]
    staying = {one["Name"] for one in done["Staying"]}
    remaining = {one["PkgName"] for one in done["Findings"]["Remaining"]}
    assert remaining <= staying, done["Staying"]
    assert len(done["Findings"]["Removed"]) >= len(done["Findings"]["Remaining"])
    replaced = sum(package["ReplacedSize"] for package in done["Packages"])
    assert done["Layer"]["UnpackedSize"] <= 1.2 * replaced
    before = _in(base, "dpkg-query", "-W")
    _apply(tmp_path / "out/blobs/sha256" / done["Layer"]["Digest"][7:], base)
    assert _in(base, "dpkg", "--audit") == ""
    assert set(_in(base, "dpkg", "-V").splitlines()) <= set(clean.splitlines())
    changed = set(_in(base, "dpkg-query", "-W").splitlines()) - set(before.splitlines())
    assert len(changed) == len(done["Packages"])
    for words in (["openssl", "version"], ["curl", "--version"], ["xz", "--version"],
                  ["perl", "-e", "print 1"], ["bash", "-c", "true"], ["apt-get", "check"]):  # fmt: skip
        result = subprocess.run(["chroot", str(base), *words], capture_output=True, check=False)
        assert result.returncode == 0, result.stderr
