"""Where patched images go: every platform of an index, to a layout and to a real registry."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from attested import Published
from debian_lab import CERT, CONFFILES, FILES, KEY, NEW, NEW_FILES, installed
from debian_repository import Archive, root, tar
from images import advisory
from loopback import serve
from oci_layout import LAYER, Layout, sha256
from pratique.cli import main
from pratique.cli.attested import found_of
from pratique.model.settings import Settings
from pratique.target import open_image
from registries import Running, push

pytest_plugins = ("attested_fixtures", "registry_fixtures")


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
    top, *_ = json.loads((tmp_path / "out/index.json").read_text())["manifests"]
    index = json.loads((tmp_path / "out/blobs/sha256" / top["digest"][7:]).read_text())
    assert [m["platform"]["architecture"] for m in index["manifests"]] == ["amd64", "arm64"]
    assert main(["image", "--input", str(tmp_path / "out"), "--platform", "all", *options,
                 "--exit-code", "9"]) == 0  # fmt: skip


def test_what_is_stated_is_signed_in_a_registry(published: Published, tmp_path: Path) -> None:
    with serve(_archive().answer) as server:
        layout = Layout(tmp_path / "in")
        push(published.host, "lab/signed", layout, _image(layout, "amd64", server.url))
        options = ["--advisories", _feed(tmp_path), "--offline", "--cache-dir", str(tmp_path / "c")]
        name = f"{published.host}/lab/signed"
        assert (
            main(["patch", f"{name}:1", "-t", f"{name}:2", "--key", published.key, *options]) == 0
        )
    chosen = Settings(image_src=("remote",), attestation_key=published.public)
    with closing(open_image(f"{name}:2", chosen)) as source:
        [image] = source.images("")
    found = found_of(image, chosen, ["https://slsa.dev/"])
    [one] = found.good
    assert not found.refused
    assert one.predicate["buildDefinition"]["externalParameters"]["image"] == f"{name}:1"


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


def _stated(folder: Path) -> dict[str, Any]:
    """Return the statements in a layout by their predicates, each about the image there."""
    blobs = folder / "blobs/sha256"
    top, *beside = json.loads((folder / "index.json").read_text())["manifests"]
    found = {}
    for entry in beside:
        manifest = json.loads((blobs / entry["digest"][7:]).read_text())
        assert manifest["subject"]["digest"] == top["digest"]
        [layer] = manifest["layers"]
        statement = json.loads((blobs / layer["digest"][7:]).read_text())
        assert statement["subject"][0]["digest"] == {"sha256": top["digest"][7:]}
        found[statement["predicateType"]] = statement["predicate"]
    return found


def test_how_a_layout_came_to_be_is_stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    archive = _archive()
    with serve(archive.answer) as server:
        layout = Layout(tmp_path / "in")
        entry = _image(layout, "amd64", server.url)
        configuration = json.loads(layout.read(entry["digest"]))["config"]["digest"]
        layout.tag(one=entry)
        options = ["--advisories", _feed(tmp_path), "--offline", "--cache-dir", str(tmp_path / "c")]
        patch = ["patch", "--input", str(tmp_path / "in"), "-t", "lab/one:2", *options]
        assert main([*patch, "-o", f"layout={tmp_path / 'out'}"]) == 0
        assert main([*patch, "-o", f"layout={tmp_path / 'again'}"]) == 0
        plain = [*patch, "--no-attestations", "-o", f"layout={tmp_path / 'plain'}"]
        assert main(plain) == 0
        assert main([*patch, "-o", f"archive={tmp_path / 'out.tar'}"]) == 0
    first, again = ((tmp_path / name / "index.json").read_bytes() for name in ("out", "again"))
    assert first == again
    found = _stated(tmp_path / "out")
    built = found["https://slsa.dev/provenance/v1"]["buildDefinition"]
    image, package = built["resolvedDependencies"]
    assert image["digest"]["sha256"] == configuration[7:]
    [deb] = [data for path, data in archive.files().items() if path.endswith(".deb")]
    assert package["digest"] == {"sha256": sha256(deb)[7:]}
    assert package["uri"].startswith(server.url)
    assert package["name"].startswith("pkg:deb/debian/ours@")
    assert str(tmp_path) not in json.dumps(found)
    components = found["https://cyclonedx.org/bom"]["components"]
    assert NEW in {one.get("version") for one in components}
    assert not _stated(tmp_path / "plain")
    lines = (tmp_path / "out.tar.intoto.jsonl").read_text().splitlines()
    assert {json.loads(line)["predicateType"] for line in lines} == set(found)
