"""Alpine packages, a signed repository of them, and a small Alpine image, made at run time."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from base64 import b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from msgspec import Struct

from debian_repository import File, tar
from loopback import Answer, Asked

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NAME = "test@example.org-1.rsa.pub"
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: rsa.RSAPrivateKey = KEY) -> bytes:
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, kind)


def checksum(data: bytes) -> str:
    return "Q1" + b64encode(hashlib.sha1(data).digest()).decode()


def piece(files: Mapping[str, bytes]) -> bytes:
    """Return a gzip member with a tar that has no end."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        end = archive.offset
    return gzip.compress(buffer.getvalue()[:end], mtime=0)


def signed(data: bytes, key: rsa.RSAPrivateKey = KEY) -> bytes:
    signature = key.sign(data, padding.PKCS1v15(), hashes.SHA1())
    return piece({f".SIGN.RSA.{NAME}": signature}) + data


def apk(
    name: str, version: str, files: Mapping[str, File], scripts: Mapping[str, bytes] | None = None
) -> tuple[bytes, str]:
    """Return a package and the checksum of its control part."""
    content = gzip.compress(tar(files), mtime=0)
    info = (
        f"pkgname = {name}\npkgver = {version}\ndatahash = {hashlib.sha256(content).hexdigest()}\n"
    )
    scripts = {f".{key}": value for key, value in (scripts or {}).items()}
    control = piece({".PKGINFO": info.encode(), **scripts})
    return signed(control) + content, checksum(control)


class Repository(Struct):
    """What it serves."""

    key: rsa.RSAPrivateKey = KEY
    packages: dict[str, bytes] = {}
    entries: list[str] = []
    changed: dict[str, bytes] = {}

    def add(self, name: str, version: str, files: Mapping[str, File], /,
            scripts: Mapping[str, bytes] | None = None, **fields: str) -> None:  # fmt: skip
        data, sum_ = apk(name, version, files, scripts)
        self.packages = self.packages | {f"/main/x86_64/{name}-{version}.apk": data}
        lines = [f"C:{sum_}", f"P:{name}", f"V:{version}", "A:x86_64", f"S:{len(data)}", "T:a test"]
        lines += [f"{key}:{value}" for key, value in fields.items()]
        self.entries = [*self.entries, "\n".join(lines) + "\n"]

    def answer(self, asked: Asked) -> Answer:
        index = tar({"DESCRIPTION": b"test", "APKINDEX": "\n".join(self.entries).encode()})
        whole = signed(gzip.compress(index, mtime=0), self.key)
        files = {"/main/x86_64/APKINDEX.tar.gz": whole, **self.packages, **self.changed}
        data = files.get(asked.path)
        return Answer(404) if data is None else Answer(body=data)
