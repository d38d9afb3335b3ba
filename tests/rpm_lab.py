"""RPMs by rpmbuild, signed by a key of the test; a root by rpm; a repository by createrepo_c."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from msgspec import Struct

from images import advisory, docker_archive, feed_mirror
from loopback import Answer, Asked, serve
from pratique.cli import main

SPEC = """Name: {name}
Version: {version}
Release: {release}
Summary: a test
License: MIT
Vendor: {vendor}
Group: Tools
{head}
%define debug_package %{{nil}}
%define __os_install_post %{{nil}}
%description
A test.
{scripts}
%install
{install}
%files
{files}
"""
INSTALL = """mkdir -p %{buildroot}/etc %{buildroot}/usr/lib/ours %{buildroot}/usr/bin %{buildroot}/usr/share/doc/ours
echo shipped %{version} %{release} > %{buildroot}/etc/plain.conf
echo shipped %{version} %{release} > %{buildroot}/etc/kept.conf
echo shipped %{version} %{release} > %{buildroot}/etc/saved.conf
printf '#!/bin/sh\\necho ours %{version}-%{release}\\n' > %{buildroot}/usr/bin/ours; chmod 755 %{buildroot}/usr/bin/ours
head -c 20000 /dev/zero | tr '\\0' x > %{buildroot}/usr/lib/ours/lib; echo %{release} >> %{buildroot}/usr/lib/ours/lib
ln %{buildroot}/usr/lib/ours/lib %{buildroot}/usr/lib/ours/hard; ln -s lib %{buildroot}/usr/lib/ours/link
echo doc > %{buildroot}/usr/share/doc/ours/README
"""
FILES = """%config /etc/plain.conf
%config(noreplace) /etc/kept.conf
%config /etc/saved.conf
%attr(0755,root,root) %caps(cap_net_raw=ep) /usr/bin/ours
/usr/lib/ours
%doc /usr/share/doc/ours
%ghost /var/lib/ours.state
"""
OLD, NEW = "1.0-1.el9", "1.0-2.el9"


class Built(Struct):
    """A specification."""

    name: str = "ours"
    version: str = "1.0"
    release: str = "1.el9"
    head: str = ""
    scripts: str = ""
    install: str = INSTALL
    files: str = FILES
    payload: str = "w6.gzdio"
    vendor: str = "Lab"


class Lab:
    """An image made by rpm, a repository, and the command that patches the one with the other."""

    def __init__(self, folder: Path, backend: str = "sqlite") -> None:
        self.folder = folder
        self.backend = backend
        self.root = folder / "root"
        self.repository = folder / "repository"
        self.out = folder / "out"
        self.home = folder / "gnupg"
        self.changed: dict[str, bytes] = {}
        self.config = "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-lab\n"
        self.records = [advisory("TEST-1", "AlmaLinux:9", "ours", NEW)]
        for path in (self.root / "etc/yum.repos.d", self.root / "etc/pki/rpm-gpg", self.repository):
            path.mkdir(parents=True)
        self.write(
            "etc/os-release", 'ID="almalinux"\nVERSION_ID="9.0"\nPRETTY_NAME="AlmaLinux 9.0"\n'
        )
        self.key("lab")
        exported = self.gpg("--armor", "--export", "lab")
        self.write("etc/pki/rpm-gpg/RPM-GPG-KEY-lab", exported)

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def gpg(self, *words: str) -> str:
        self.home.mkdir(mode=0o700, exist_ok=True)
        command = ["gpg", "--homedir", str(self.home), "--batch", "--pinentry-mode", "loopback"]
        return subprocess.run([*command, "--passphrase", "", *words], check=True,
                              capture_output=True, text=True).stdout  # fmt: skip

    def key(self, name: str) -> None:
        self.gpg("--quick-generate-key", f"{name} <{name}@example.org>", "rsa3072", "sign", "never")

    def build(self, built: Built, key: str = "lab") -> Path:
        """Return an RPM, which is signed unless no key is named."""
        top = self.folder / "build"
        spec = self.folder / f"{built.name}.spec"
        fields = {name: getattr(built, name) for name in built.__struct_fields__}
        spec.write_text(SPEC.format(**fields))
        run(["rpmbuild", "-bb", "--quiet", "--nodeps", "--target", "x86_64",
             *("--define", f"_topdir {top}", "--define", "_buildhost lab"),
             "--define", f"_binary_payload {built.payload}", str(spec)])  # fmt: skip
        [made] = top.glob(f"RPMS/*/{built.name}-{built.version}-{built.release}.*.rpm")
        if key:
            run(["rpmsign", "--define", f"_gpg_name {key}", "--define", f"_gpg_path {self.home}", "--define", f"__gpg {shutil.which('gpg')}",
                 "--addsign", str(made)])  # fmt: skip
        return made

    def rpm(self, *words: str, check: bool = True) -> str:
        command = ["rpm", "--root", str(self.root), "--dbpath", "/var/lib/rpm"]
        command += ["--define", f"_db_backend {self.backend}"]
        return run([*command, *words], check=check)

    def install(self, *packages: Path) -> None:
        self.rpm("-U", "--nodeps", "--noscripts", "--notriggers", "--nosignature",
                 *map(str, packages))  # fmt: skip

    def offer(self, *packages: Path) -> None:
        for package in packages:
            shutil.copy(package, self.repository)
        run(["createrepo_c", "-q", str(self.repository)])

    def answer(self, asked: Asked) -> Answer:
        path = self.repository / asked.path.removeprefix("/repository/")
        data = self.changed.get(path.name)
        if data is None and path.is_file():
            data = path.read_bytes()
        return Answer(404) if data is None else Answer(body=data)

    def patch(self, *words: str) -> int:
        feeds = feed_mirror(self.folder / "feeds", {"AlmaLinux": self.records})
        with serve(self.answer) as server:
            self.write("etc/yum.repos.d/lab.repo",
                       f"[lab]\nname=lab\nbaseurl={server.url}/repository\n{self.config}")  # fmt: skip
            packed = self.folder / "layer.tar"
            run(["tar", "-C", str(self.root), "-cf", str(packed), "."])
            image = self.folder / "image.tar"
            image.write_bytes(docker_archive([packed.read_bytes()]))
            return main([
                "patch", "--input", str(image), "-t", "lab/ours:2", "-o", f"layout={self.out}",
                "--feed-mirror", str(feeds), "--cache-dir", str(self.folder / "cache"),
                *words,
            ])  # fmt: skip

    def layer(self) -> Path:
        index = json.loads((self.out / "index.json").read_text())
        manifest = json.loads(self._blob(index["manifests"][0]["digest"]).read_text())
        return self._blob(manifest["layers"][-1]["digest"])

    def names(self) -> dict[str, tarfile.TarInfo]:
        with tarfile.open(self.layer()) as archive:
            return {info.name: info for info in archive}

    def _blob(self, digest: str) -> Path:
        return self.out / "blobs/sha256" / digest[7:]

    def apply(self) -> None:
        """Unpack the new layer onto the root, as an engine does."""
        for name in self.names():
            folder, _, last = name.rpartition("/")
            target = self.root / folder / last.removeprefix(".wh.")
            if last.startswith(".wh."):
                shutil.rmtree(target) if target.is_dir() else target.unlink()
        run(["tar", "-C", str(self.root), "--numeric-owner", "--exclude=.wh.*", "--xattrs",
             "--xattrs-include=*", "-xzf", str(self.layer())])  # fmt: skip


def run(command: list[str], *, check: bool = True) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + (done.stderr if not check else "")


def need_tools() -> None:
    tools = ("rpmbuild", "rpm", "rpmsign", "createrepo_c", "gpg")
    absent = [tool for tool in tools if not shutil.which(tool)]
    if absent or os.geteuid():
        pytest.skip(f"needs root and {', '.join(absent or tools)}")
