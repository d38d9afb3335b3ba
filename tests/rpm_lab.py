"""Real RPM packages, built by rpmbuild and signed, a root that rpm installed, and a repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

OS_RELEASE = 'ID="almalinux"\nVERSION_ID="9.4"\nPRETTY_NAME="AlmaLinux 9.4"\nID_LIKE="rhel"\n'
_NEEDED = ("rpm", "rpmbuild", "rpmsign", "createrepo_c", "gpg")


def need_tools() -> None:
    """Skip where the tools of RPM are not here."""
    missing = [name for name in _NEEDED if not shutil.which(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")


class Lab:
    """A folder with keys, packages, a root and a repository."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, self.repo = folder, folder / "root", folder / "repo"
        self.repo.mkdir()
        self._home = folder / "gnupg"
        self._home.mkdir(mode=0o700)
        self.key = self.new_key("vendor@example.com")
        for path in ("etc/pki/rpm-gpg", "etc/yum.repos.d", "var/lib/rpm"):
            (self.root / path).mkdir(parents=True)
        (self.root / "etc/os-release").write_text(OS_RELEASE)
        (self.root / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\nsvc:x:77:78::/:/bin/sh\n")
        (self.root / "etc/group").write_text("root:x:0:\nsvc:x:78:\n")
        (self.root / "etc/pki/rpm-gpg/RPM-GPG-KEY-lab").write_bytes(self.key)
        self.rpm("--initdb")

    def new_key(self, name: str) -> bytes:
        """Make a key that is used nowhere else; return its certificate."""
        self._gpg("--batch", "--passphrase", "", "--quick-gen-key", name, "rsa2048", "sign", "0")
        return self._gpg("--export", "--armor", name)

    def build(
        self, name: str, release: str, files: Mapping[str, bytes], *, sign: str = "vendor@example.com",
        sections: str = "", tags: str = "", attributes: Mapping[str, str] | None = None,
    ) -> Path:  # fmt: skip
        """Build a package of version 1.0; `attributes` are words of %files for some paths."""
        top = self.folder / f"build-{name}-{release}"
        source = top / "files"
        for path, data in files.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(data)
        listed = [f"{(attributes or {}).get(path, '')} /{path}" for path in files]
        spec = top / "x.spec"
        spec.write_text("\n".join([
            f"Name: {name}", "Version: 1.0", f"Release: {release}", "Summary: x", "License: MIT",
            "AutoReqProv: no", tags, "%description", "x", "%install",
            f"cp -a {source}/. %{{buildroot}}/", sections, "%files", *listed, "",
        ]))  # fmt: skip
        define = ["--define", f"_topdir {top}", "--define", "debug_package %{nil}"]
        subprocess.run(
            ["rpmbuild", "-bb", "--quiet", *define, str(spec)], check=True, capture_output=True
        )
        [made] = (top / "RPMS").rglob("*.rpm")
        if sign:
            subprocess.run(["rpmsign", "--define", f"_gpg_name {sign}", "--define", f"__gpg {shutil.which('gpg')}", "--addsign", str(made)],
                           check=True, capture_output=True, env=self._environment())  # fmt: skip
        return made

    def install(self, *packages: Path, words: Sequence[str] = ()) -> None:
        self.rpm("-i", "--nodeps", "--noscripts", "--nosignature", *words, *map(str, packages))

    def publish(self, *packages: Path, sign: bool = True) -> None:
        """Make a repository of packages."""
        shutil.rmtree(self.repo)
        self.repo.mkdir()
        for package in packages:
            shutil.copy(package, self.repo)
        subprocess.run(["createrepo_c", "--quiet", str(self.repo)], check=True, capture_output=True)
        if sign:
            data = self._gpg("--detach-sign", "--armor", "--local-user", "vendor@example.com",
                             "--output", "-", str(self.repo / "repodata/repomd.xml"))  # fmt: skip
            (self.repo / "repodata/repomd.xml.asc").write_bytes(data)

    def rpm(self, *words: str, root: Path | None = None) -> str:
        done = subprocess.run(
            ["rpm", "--root", str(root or self.root), "--dbpath", "/var/lib/rpm",
             "--define", "_db_backend sqlite", *words],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0 or "-V" in words, done.stderr
        return done.stdout

    def _gpg(self, *words: str) -> bytes:
        done = subprocess.run(["gpg", "--batch", "--yes", "--pinentry-mode", "loopback", *words],
                              check=True, capture_output=True, env=self._environment())  # fmt: skip
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "GNUPGHOME": str(self._home)}
