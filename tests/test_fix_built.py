"""A Dockerfile of two stages upon a real Debian: planned, built by buildah, run, and scanned again.

Needs root, debootstrap, buildah, a registry, a mirror of Debian and an index of Python packages.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from images import advisory
from oci_layout import LAYER, Layout, sha256
from pratique.cli import main
from registries import push, running
from security_suite import MIRROR, debootstrapped, newer

pytestmark = [pytest.mark.debian, pytest.mark.network]
REQUIREMENTS = "flask==2.0.1\nwerkzeug==2.0.1\njinja2==3.0.1\nrequests==2.25.1  # calls\n"
DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG RELEASE=12.1
FROM {host}/library/debian:${{RELEASE}} AS build
RUN apt-get update \\
    && apt-get install -y --no-install-recommends python3-pip
COPY requirements.txt .
RUN pip install --no-cache-dir --target /app -r requirements.txt  # wheels

FROM {host}/library/debian:${{RELEASE}}
RUN apt-get update && apt-get install -y --no-install-recommends python3
COPY --from=build /app /app
COPY main.py /app/
CMD ["python3", "/app/main.py"]
"""
MAIN_PY = "import flask, requests\nprint('served by', flask.__version__)\n"
SOURCES = (f"deb {MIRROR}/debian bookworm main\n"
           f"deb {MIRROR}/debian-security bookworm-security main\n")  # fmt: skip


class Lab:
    """A registry with the base, and a project."""

    def __init__(self, folder: Path, host: str) -> None:
        self.folder, self.host, self.project = folder, host, folder / "project"
        self.project.mkdir()
        (self.project / "Dockerfile").write_text(DOCKERFILE.format(host=host))
        (self.project / "requirements.txt").write_text(REQUIREMENTS)
        (self.project / "main.py").write_text(MAIN_PY)

    def buildah(self, *words: str) -> str:
        places = [f"--root={self.folder}/root", f"--runroot={self.folder}/run"]
        done = subprocess.run(["buildah", *places, "--storage-driver=vfs", *words], check=False,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
        return done.stdout.strip()

    def build(self, name: str) -> Path:
        self.buildah(
            "build", "--isolation=chroot", "--tls-verify=false", "-t", name, str(self.project)
        )
        archive = self.folder / f"{name}.tar"
        self.buildah("push", "--quiet", name, f"docker-archive:{archive}:{name}")
        return archive


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    for tool in ("buildah", "docker-registry"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    try:
        socket.create_connection(("pypi.org", 443), timeout=5).close()
    except OSError:
        pytest.skip("pypi.org cannot be reached")
    root = debootstrapped(tmp_path, "ca-certificates")
    (root / "etc/apt/sources.list").write_text(SOURCES)
    authorities = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    shutil.copy(os.environ.get("SSL_CERT_FILE") or authorities, root / "etc/authorities.crt")
    layer = tmp_path / "base.tar"
    subprocess.run(
        ["tar", "-C", str(root), "--exclude=./dev/*", "-cf", str(layer), "."], check=True
    )
    layout, data = Layout(tmp_path / "layout"), layer.read_bytes()
    config = layout.document(
        {"os": "linux", "architecture": "amd64",
         "config": {"Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "PIP_CERT=/etc/authorities.crt"]},
         "rootfs": {"type": "layers", "diff_ids": [sha256(data)]}},
        "application/vnd.oci.image.config.v1+json",
    )  # fmt: skip
    kind = "application/vnd.oci.image.manifest.v1+json"
    blob = layout.blob(data, LAYER.replace("+gzip", ""))
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": config, "layers": [blob]}
    entry = layout.document(manifest, kind)
    records = tmp_path / "advisories"
    records.mkdir()
    for number, (source, version) in enumerate(newer(root)):
        record = advisory(f"TEST-{number}", "Debian:12", source, version)
        (records / f"TEST-{number}.json").write_text(json.dumps(record))
    with running(tmp_path, tmp_path / "store") as host:
        push(host, "library/debian", layout, entry, "12.1")
        yield Lab(tmp_path, host)


def scanned(archive: Path, *options: str) -> list[dict[str, Any]]:
    words = [sys.executable, "-m", "pratique", "image", "--input", str(archive), "-f", "json", "-q"]
    done = subprocess.run([*words, *options], check=True, capture_output=True, text=True)
    found: list[dict[str, Any]] = []
    for result in json.loads(done.stdout)["Results"]:
        found += [f for f in result.get("Vulnerabilities", ()) if f.get("FixedVersion")]
    return found


def test_an_image_is_mended_by_its_dockerfile(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--advisories", str(lab.folder / "advisories"), "--skip-db-update",
               "--cache-dir", str(lab.folder / "cache"), "--scanners", "vuln"]  # fmt: skip
    archive = lab.build("before")
    before = scanned(archive, *options)
    assert {f["PkgName"].lower() for f in before} >= {"flask", "werkzeug", "jinja2"}
    assert any("deb" in f["PkgIdentifier"]["PURL"] for f in before)
    capsys.readouterr()
    status = main([
        "fix", "image", "--input", str(archive), "--dockerfile", str(lab.project / "Dockerfile"),
        "--builder", "buildah", "--write", "--json", "--insecure", "-q", *options[:-2],
    ])  # fmt: skip
    printed = capsys.readouterr()
    assert status == 0, printed.err
    plan = json.loads(printed.out)
    assert any(one.startswith("built by buildah and scanned") for one in plan["Remarks"])
    assert (
        sum(plan["New"][n]["Severity"] in ("HIGH", "CRITICAL") for n in range(len(plan["New"])))
        == 0
    )

    after = scanned(lab.build("after"), *options)
    assert len(after) <= 0.05 * len(before), (after, plan["Remaining"])
    container = lab.buildah("from", "localhost/after")
    said = lab.buildah("run", "--isolation=chroot", container, "--", "python3", "/app/main.py")
    assert said.startswith("served by ")
    old = DOCKERFILE.format(host=lab.host).splitlines()
    kept = [line for line in (lab.project / "Dockerfile").read_text().splitlines() if line in old]
    assert kept == old
