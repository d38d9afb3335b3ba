"""Linux kernels that no package manager installed, by the version in their own header.

https://docs.kernel.org/arch/x86/boot.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_MAGIC_AT, _MAGIC = 0x202, b"HdrS"
_POINTER_AT, _POINTER_BASE = 0x20E, 0x200
_VERSION = re.compile(rb"(\d+\.\d+(?:\.\d+)?)[^\0]*")


def _analyze(file: File) -> Iterator[Package]:
    """Yield the kernel of an image for x86; others keep their version compressed."""
    stream = file.open()
    head = stream.read(_POINTER_AT + 2)
    if head[_MAGIC_AT : _MAGIC_AT + 4] != _MAGIC:
        return
    stream.seek(_POINTER_BASE + int.from_bytes(head[_POINTER_AT:], "little"))
    match = _VERSION.match(stream.read(256))
    if match is None:
        raise MalformedError("a kernel whose header does not lead to its version", file.path)
    version = match[1].decode()
    release = match[0].split(b" ")[0].decode("utf-8", "replace")
    yield Package(
        file.path, "linux-kernel", "generic", "linux-kernel", release,
        cpe=f"cpe:2.3:o:linux:linux_kernel:{version}:*:*:*:*:*:*:*",
    )  # fmt: skip


kernel = Analyzer("linux-kernel", 1, ("/boot/vmlinuz-*", "/lib/modules/*/vmlinuz",
                                      "/usr/lib/modules/*/vmlinuz"), _analyze)  # fmt: skip
