"""Debian packages, a signed repository of them, and a small Debian image, made at run time."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pysequoia
from msgspec import Struct

from images import DEBIAN
from loopback import Answer, Asked

File = bytes | str | None | tuple[bytes, int, int, int]
"""Content; a link's target; a folder; content with mode, user and group."""
CONTENTS: Mapping[str, Callable[[bytes], bytes]] = {"xz": lzma.compress, "gz": gzip.compress}


def tar(files: Mapping[str, File], prefix: str = "") -> bytes:
    """Return a tar; `=path` as a target is a hard link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.mtime, info.mode = 1_700_000_000, 0o644
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif isinstance(content, str):
                is_hard = content.startswith("=")
                info.type = tarfile.LNKTYPE if is_hard else tarfile.SYMTYPE
                info.linkname = prefix + content[1:] if is_hard else content
            data = b"" if content is None or isinstance(content, str) else content
            if isinstance(data, tuple):
                data, info.mode, info.uid, info.gid = data
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def control(name: str, version: str, **fields: str) -> str:
    """Return a control file; names of fields have `_` for `-`."""
    known = {"Package": name, "Version": version, "Architecture": "amd64", "Maintainer": "T <t@t>"}
    known |= {key.replace("_", "-"): value for key, value in fields.items()}
    return "".join(f"{key}: {value}\n" for key, value in known.items()) + "Description: a test\n"


def deb(
    text: str,
    files: Mapping[str, File],
    more: Mapping[str, bytes] | None = None,
    ending: str = "xz",
) -> bytes:
    """Return a package; its md5sums are made."""
    sums = "".join(
        f"{hashlib.md5(data).hexdigest()}  {name}\n"
        for name, data in files.items() if isinstance(data, bytes)
    )  # fmt: skip
    parts = {"control": text.encode(), "md5sums": sums.encode(), **(more or {})}
    members = {
        "debian-binary": b"2.0\n",
        f"control.tar.{ending}": CONTENTS[ending](tar(parts, "./")),
        f"data.tar.{ending}": CONTENTS[ending](tar(files, "./")),
    }
    out = b"!<arch>\n"
    for name, data in members.items():
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
        out += data + b"\n" * (len(data) % 2)
    return out


class Archive(Struct):
    """A repository: what it serves, and the key that it signs with."""

    key: Any
    debs: list[tuple[str, bytes]] = []
    """Control files and packages."""
    release: dict[str, str] = {}
    """Fields of its Release beside those that are always there."""
    changed: dict[str, bytes] = {}
    """What is served at some paths instead."""
    detached: bool = False

    def add(self, name: str, version: str, files: Mapping[str, File], /,
            more: Mapping[str, bytes] | None = None, ending: str = "xz", **fields: str) -> None:  # fmt: skip
        text = control(name, version, **fields)
        self.debs = [*self.debs, (text, deb(text, files, more, ending))]

    def files(self) -> dict[str, bytes]:
        stanzas, found = [], {}
        for number, (text, data) in enumerate(self.debs):
            path = f"pool/{number}.deb"
            found[f"/debian/{path}"] = data
            digest = hashlib.sha256(data).hexdigest()
            stanzas.append(f"{text}Filename: {path}\nSize: {len(data)}\nSHA256: {digest}\n")
        packages = lzma.compress("\n".join(stanzas).encode())
        place = "/debian/dists/bookworm"
        found[f"{place}/main/binary-amd64/Packages.xz"] = packages
        fields = {
            "Suite": "stable", "Codename": "bookworm", "Architectures": "amd64",
            "Date": time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime()), **self.release,
        }  # fmt: skip
        listed = (
            f" {hashlib.sha256(packages).hexdigest()} {len(packages)} main/binary-amd64/Packages.xz"
        )
        text = "".join(f"{k}: {v}\n" for k, v in fields.items()) + f"SHA256:\n{listed}\n"
        signer = self.key.signer()
        if self.detached:
            found[f"{place}/Release"] = text.encode()
            mode = pysequoia.SignatureMode.DETACHED
            found[f"{place}/Release.gpg"] = pysequoia.sign(signer, text.encode(), mode=mode)
        else:
            mode = pysequoia.SignatureMode.CLEAR
            found[f"{place}/InRelease"] = pysequoia.sign(signer, text.encode(), mode=mode)
        return found | self.changed

    def answer(self, asked: Asked) -> Answer:
        data = self.files().get(asked.path)
        return Answer(404) if data is None else Answer(body=data)


def root(
    packages: Sequence[tuple[str, Mapping[str, File]]], key: Any, more: Mapping[str, File],
    controls: Mapping[str, bytes] | None = None,
) -> dict[str, File]:  # fmt: skip
    """Return the files of an image in which packages are installed; folders are merged into usr."""
    files: dict[str, File] = {
        "usr": None, "usr/lib": None, "lib": "usr/lib", "tmp": None, "etc": None,
        "etc/os-release": DEBIAN, "etc/passwd": b"root:x:0:0::/:/bin/sh\n",
        "var/lib/dpkg/info/format": b"1\n",
        "etc/apt/trusted.gpg.d/test.gpg": bytes(key), **more,
    }  # fmt: skip
    stanzas = []
    for text, own in packages:
        head, rest = text.split("\n", 1)
        name = head.partition(": ")[2]
        stanzas.append(f"{head}\nStatus: install ok installed\n{rest}")
        for path, content in own.items():
            where = path.replace("lib/", "usr/lib/", 1) if path.startswith("lib/") else path
            files.setdefault(where, content)
        listed = "/.\n" + "".join(f"/{path}\n" for path in own)
        files[f"var/lib/dpkg/info/{name}.list"] = listed.encode()
    files["var/lib/dpkg/status"] = "\n".join(stanzas).encode()
    return files | {f"var/lib/dpkg/info/{name}": data for name, data in (controls or {}).items()}
