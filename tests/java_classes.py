"""Class files and archives of Java made in memory, for tests."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

from pratique.codecs.classfile import read_class

OBJECT = "java/lang/Object"


def java_class(
    name: str, *, above: str = OBJECT, interfaces: Iterable[str] = (),
    methods: Iterable[tuple[str, str]] = (), private: Iterable[tuple[str, str]] = (),
    uses: Iterable[tuple[str, str, str]] = (), names: Iterable[str] = (), major: int = 52,
) -> bytes:  # fmt: skip
    """Return a class file without any code (The JVM Specification, chapter 4)."""
    pool = _Pool()
    this, parent = pool.class_(name), pool.class_(above) if above else 0
    others = [pool.class_(one) for one in interfaces]
    for owner, member, kind in uses:
        pool.member(owner, member, kind)
    for one in names:
        pool.class_(one)
    own = [(1, *one) for one in methods] + [(2, *one) for one in private]
    table = [(flags, pool.text(member), pool.text(kind)) for flags, member, kind in own]
    pool.long()  # which takes two places
    body = struct.pack(">HHHH", 0x21, this, parent, len(others))
    body += b"".join(struct.pack(">H", one) for one in others) + struct.pack(">H", 0)
    body += struct.pack(">H", len(table))
    code = struct.pack(">HI", pool.text("Code"), 3) + b"abc"
    body += b"".join(struct.pack(">HHHH", *one, 1) + code for one in table)
    return struct.pack(">IHHH", 0xCAFEBABE, 0, major, pool.count) + pool.data + body + b"\0\0"


class _Pool:
    def __init__(self) -> None:
        self.data, self.count = b"", 1
        self._known: dict[bytes, int] = {}

    def _put(self, constant: bytes, places: int = 1) -> int:
        if constant not in self._known:
            self._known[constant] = self.count
            self.data += constant
            self.count += places
        return self._known[constant]

    def text(self, text: str) -> int:
        return self._put(struct.pack(">BH", 1, len(text.encode())) + text.encode())

    def class_(self, name: str) -> int:
        return self._put(struct.pack(">BH", 7, self.text(name)))

    def member(self, owner: str, name: str, kind: str) -> int:
        named = self._put(struct.pack(">BHH", 12, self.text(name), self.text(kind)))
        tag = 10 if kind.startswith("(") else 9
        return self._put(struct.pack(">BHH", tag, self.class_(owner), named))

    def long(self) -> int:
        return self._put(struct.pack(">BQ", 5, 1), 2)


def jar(files: Mapping[str, bytes], *, stored: Iterable[str] = ()) -> bytes:
    """Return an archive, always the same bytes for the same files."""
    made = io.BytesIO()
    plain = set(stored)
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return made.getvalue()


def released(
    name: str, version: str, classes: Iterable[bytes] = (), files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return an archive as Maven makes it, that says which it is."""
    group, _, artifact = name.partition(":")
    said = f"groupId={group}\nartifactId={artifact}\nversion={version}\n".encode()
    named = {f"{read_class(data, '').name}.class": data for data in classes}
    named |= {f"META-INF/maven/{group}/{artifact}/pom.properties": said}
    return jar(named | dict(files or {}))


def pom(name: str, version: str, needs: Mapping[str, str] | None = None, more: str = "") -> bytes:
    group, _, artifact = name.partition(":")
    rows = "".join(
        f"<dependency><groupId>{one.partition(':')[0]}</groupId>"
        f"<artifactId>{one.partition(':')[2]}</artifactId><version>{wanted}</version></dependency>"
        for one, wanted in (needs or {}).items()
    )
    return (f"<project><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
            f"<version>{version}</version><dependencies>{rows}</dependencies>{more}</project>"
            ).encode()  # fmt: skip
