"""A Dockerfile of one stage that is parted in two, built by buildah, and run.

Needs root, debootstrap, buildah, a mirror of Debian and an index of Python packages.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.cli import main
from security_suite import MIRROR, debootstrapped

pytestmark = [pytest.mark.debian, pytest.mark.network]
BASE = "docker.io/library/python:3.11-slim"
DOCKERFILE = """\
FROM python:3.11-slim
WORKDIR /app
ENV DATA_DIR=/var/data
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev
COPY requirements.txt .
RUN pip install --no-cache-dir --no-binary markupsafe -r requirements.txt
COPY main.py .
# how it begins
CMD ["python", "main.py"]
"""
MAIN_PY = """\
import os, shutil
from markupsafe import _speedups, escape
open("/var/data/x", "w").close()
print(os.getuid(), os.environ["HOME"], shutil.which("gcc"), escape("<"))
"""
# gcc alone has no stdio.h where recommendations are left out, and the group's name is taken
COMPILED = """\
FROM python:3.11-slim
WORKDIR /usr/src/x
RUN groupadd app && apt-get update && apt-get install -y \\
    gcc
COPY x.c .
RUN gcc -o x x.c
CMD ["./x"]
"""
X_C = '#include <stdio.h>\nint main(void) { puts("compiled"); return 0; }\n'


@pytest.fixture
def buildah(tmp_path: Path) -> Callable[..., str]:
    """Return the command, with a storage of its own that has the base."""
    if not shutil.which("buildah"):
        pytest.skip("buildah is not installed")
    try:
        socket.create_connection(("pypi.org", 443), timeout=5).close()
    except OSError:
        pytest.skip("pypi.org cannot be reached")
    words = ["buildah", f"--root={tmp_path}/storage", f"--runroot={tmp_path}/run",
             "--storage-driver=vfs"]  # fmt: skip

    def run(*given: str) -> str:
        done = subprocess.run([*words, *given], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
        return done.stdout.strip()

    packages = "ca-certificates,python3,python3-venv,python3-pip,python-is-python3"
    root = debootstrapped(tmp_path, packages)
    (root / "etc/apt/sources.list").write_text(f"deb {MIRROR}/debian bookworm main\n")
    (root / "usr/lib/python3.11/EXTERNALLY-MANAGED").unlink()
    authorities = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    shutil.copy(os.environ.get("SSL_CERT_FILE") or authorities, root / "etc/authorities.crt")
    layer = tmp_path / "base.tar"
    subprocess.run(
        ["tar", "-C", str(root), "--exclude=./dev/*", "-cf", str(layer), "."], check=True
    )
    shutil.rmtree(root)
    container = run("from", "scratch")
    run("add", container, str(layer), "/")
    run("config", "--env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "--env",
        "PIP_CERT=/etc/authorities.crt", container)  # fmt: skip
    run("commit", "--quiet", "--rm", container, BASE)
    return run


def bettered(project: Path, files: dict[str, str]) -> str:
    """Write a project, bring its Dockerfile to better habits, and return that."""
    project.mkdir()
    for name, text in files.items():
        (project / name).write_text(text)
    assert main(["fix", "fs", str(project), "--habits", "--offline", "--skip-db-update", "--write",
                 "-q", "--cache-dir", f"{project}-cache"]) in (0, 5)  # fmt: skip
    return (project / "Dockerfile").read_text()


def test_what_is_parted_builds_and_runs(tmp_path: Path, buildah: Callable[..., str]) -> None:
    files = {
        "Dockerfile": DOCKERFILE,
        "requirements.txt": "markupsafe==3.0.2\n",
        "main.py": MAIN_PY,
    }
    text = bettered(tmp_path / "parted", files)
    assert "AS build" in text
    assert "USER 10001" in text
    compiled = bettered(tmp_path / "compiled", {"Dockerfile": COMPILED, "x.c": X_C})
    assert "--no-install-recommends" in compiled
    for name, words, said in (
        ("parted", ["python", "main.py"], "10001 /home/app None &lt;"),
        ("compiled", ["./x"], "compiled"),
    ):
        buildah("build", "--isolation=chroot", "--pull-never", "-t", name, str(tmp_path / name))
        container = buildah("from", "--pull-never", name)
        assert buildah("run", "--isolation=chroot", container, "--", *words) == said
