"""Note what is out of the ordinary in the permissions and the sizes of a layer's files.

Of 100,000 files some twenty are: setuid, setgid or sticky, writable by all, larger than 5 MiB, or
among the few of /etc that decide who may do what. They are the content of the special glob
`<modes>`, a line each: `f` or `d`, permissions in octal, user, group, size, path.
"""

from __future__ import annotations

from pratique.codecs.tar import Member

LARGE = 5 << 20
_ODD = 0o7002
_DECIDING = frozenset({
    b"etc/passwd", b"etc/group", b"etc/shadow", b"etc/gshadow", b"etc/sudoers",
})  # fmt: skip


class Modes:
    """What was noted of one layer, or of a directory on disk."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._directories: list[bytes] = []

    @property
    def listing(self) -> bytes:
        """The content of `<modes>`."""
        return b"\n".join(self._lines)

    @property
    def directories(self) -> bytes:
        """Every directory, a line each."""
        return b"\n".join(self._directories)

    def of_member(self, member: Member, path: bytes) -> None:
        """Note a file, a hard link or a directory of a tar; the link says what its file is."""
        directory = member.kind == "directory"
        self.note(path, member.mode, member.owner, member.size, directory=directory)

    def note(
        self, path: bytes, mode: int, owner: tuple[int, int], size: int, *, directory: bool
    ) -> None:
        if directory:
            path = path.rstrip(b"/")
            self._directories.append(path)
        if mode & _ODD or size >= LARGE or path in _DECIDING:
            kind = "d" if directory else "f"
            head = f"{kind} {mode & 0o7777:o} {owner[0]} {owner[1]} {size} "
            self._lines.append(head.encode() + path)
