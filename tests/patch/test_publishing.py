"""Where patched images go: every platform of an index, to a layout and to a real registry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from debian_lab import CERT, CONFFILES, FILES, KEY, NEW, NEW_FILES, installed
from debian_repository import Archive, root, tar
from images import advisory
from loopback import serve
from oci_layout import LAYER, Layout, sha256
from pratique.cli import main
from registries import Running, push
from registry_fixtures import folder, nobody, registry

__all__ = ["folder", "nobody", "registry"]


def _image(layout: Layout, architecture: str, url: str) -> dict[str, Any]:
    sources = {"etc/apt/sources.list": f"deb {url}/debian bookworm main\n".encode()}
    files = root([(installed(), FILES)], CERT, sources)
    plain = tar({**files, "etc/arch": architecture.encode()})
    config = layout.document(
        {"os": "linux", "architecture": architecture, "config": {"Cmd": ["sh"]},
         "rootfs": {"type": "layers", "diff_ids": [sha256(plain)]}},
        "application/vnd.oci.image.config.v1+json",
    )  # fmt: skip
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config, "layers": [layout.blob(plain, LAYER)],
    }  # fmt: skip
    platform = {"os": "linux", "architecture": architecture}
    return layout.document(manifest, str(manifest["mediaType"]), platform=platform)


def _feed(folder: Path) -> str:
    place = folder / "advisories"
    place.mkdir()
    (place / "TEST-1.json").write_text(json.dumps(advisory("TEST-1", "Debian:12", "ours", NEW)))
    return str(place)


def _archive() -> Archive:
    archive = Archive(KEY)
    archive.add("ours", NEW, NEW_FILES, CONFFILES)
    return archive


def test_every_platform_of_an_index(tmp_path: Path) -> None:
    with serve(_archive().answer) as server:
        layout = Layout(tmp_path / "in")
        layout.tag(two=layout.index(*(_image(layout, a, server.url) for a in ("amd64", "arm64"))))
        options = ["--advisories", _feed(tmp_path), "--offline", "--cache-dir", str(tmp_path / "c")]
        patch = ["patch", "--input", str(tmp_path / "in"), "-t", "lab/two:2", *options]
        assert main([*patch, "-o", f"layout={tmp_path / 'out'}"]) == 0
        assert main([*patch, "-o", f"archive={tmp_path / 'out.tar'}"]) == 2
    [top] = json.loads((tmp_path / "out/index.json").read_text())["manifests"]
    index = json.loads((tmp_path / "out/blobs/sha256" / top["digest"][7:]).read_text())
    assert [m["platform"]["architecture"] for m in index["manifests"]] == ["amd64", "arm64"]
    assert main(["image", "--input", str(tmp_path / "out"), "--platform", "all", *options,
                 "--exit-code", "9"]) == 0  # fmt: skip


@pytest.mark.registry
def test_from_a_registry_into_it(registry: Running, nobody: Path, tmp_path: Path) -> None:
    with serve(_archive().answer) as server:
        layout = Layout(tmp_path / "in")
        entry = _image(layout, "amd64", server.url)
        push(registry.host, "lab/patch", layout, entry)
        options = ["--advisories", _feed(tmp_path), "--offline", "--cache-dir", str(tmp_path / "c")]
        name = f"{registry.host}/lab/patch"
        assert main(["image", f"{name}:1", *options, "--exit-code", "9"]) == 9
        assert main(["patch", f"{name}:1", "-t", f"{name}:2", *options]) == 0
    assert main(["image", f"{name}:2", *options, "--exit-code", "9"]) == 0
