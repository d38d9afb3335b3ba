"""Layers, docker archives and feed mirrors made in memory, for tests."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any


def layer_tar(files: Mapping[str, bytes | None], **modes: int) -> bytes:
    """Return a layer: None stands for a directory; programs can be executed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            program = data is not None and data.startswith(b"\x7fELF")
            entry.mode = modes.get(name, 0o755 if program else 0o644)
            if data is None:
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            else:
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def docker_archive(
    layers: Sequence[bytes],
    *,
    diff_ids: Sequence[str] = (),
    history: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> bytes:
    """Return what `docker save` writes; wrong diff ids may be stated, and the configuration more."""
    members: dict[str, bytes] = {}
    stated = list(diff_ids) or [digest(layer) for layer in layers]
    paths = []
    for number, layer in enumerate(layers):
        members[f"{number}/layer.tar"] = layer
        paths.append(f"{number}/layer.tar")
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": stated},
        "history": [{"created_by": line} for line in history],
    } | dict(more or {})).encode()  # fmt: skip
    name = f"{digest(config)[7:]}.json"
    manifest = [{"Config": name, "RepoTags": ["test/image:1"], "Layers": paths}]
    return layer_tar(members | {name: config, "manifest.json": json.dumps(manifest).encode()})


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def dpkg_status(packages: Iterable[tuple[str, str]]) -> bytes:
    return "\n".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
        for name, version in packages
    ).encode()


DEBIAN = b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'


def advisory(id: str, ecosystem: str, name: str, fixed: str = "", **more: Any) -> dict[str, Any]:
    """Return an OSV record that affects all versions before `fixed`."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {"id": id, "modified": "2026-01-01T00:00:00Z", "affected": [affected], **more}


def feed_mirror(folder: Path, records: Mapping[str, Iterable[dict[str, Any]]]) -> Path:
    """Write records where OSV serves them, and an empty KEV catalogue; return the folder."""
    for ecosystem, written in records.items():
        place = folder / "osv-vulnerabilities.storage.googleapis.com" / ecosystem / "all.zip"
        place.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(place, "w") as archive:
            for record in written:
                archive.writestr(f"{record['id']}.json", json.dumps(record))
    kev(folder, {})
    return folder


def kev(folder: Path, exploited: Mapping[str, str]) -> None:
    """Write the catalogue of exploited flaws: id and date."""
    place = folder / "www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    entries = [{"cveID": id, "dateAdded": date} for id, date in exploited.items()]
    place.write_text(json.dumps({"vulnerabilities": entries}))
