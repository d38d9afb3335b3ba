"""The file system that the layers of an image make: what is where, and the content of few files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from pratique.codecs import tar
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import inflate
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.image import Image
from pratique.model.source import Source

_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
_MOST = 5_000_000
_LARGEST, _LARGEST_ALL = 64 << 20, 512 << 20  # of what is kept: package databases, /etc
_MOST_LINKS = 40
_ANY = "\0"  # no name of a file


class Node(Struct, gc=False):
    """An entry of the file system."""

    kind: str
    """file, symlink, directory or other; a hard link is the file that it links to."""
    mode: int
    uid: int
    gid: int
    mtime: int
    size: int = 0
    link: str = ""


class Root:
    """Paths are relative to the root, without a slash at either end; the root itself is empty."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {"": Node("directory", 0o755, 0, 0, 0)}
        self.contents: dict[str, bytes] = {}
        self._children: dict[str, set[str]] | None = None
        self._accounts: dict[str, dict[str, int]] = {}

    def resolve(self, path: str) -> str:
        """Return where a path leads when all symbolic links but that of its last part are followed.

        Raises MalformedError for a loop.
        """
        parts = [part for part in path.split("/") if part not in ("", ".")]
        real, links = "", 0
        while parts:
            part = parts.pop(0)
            if part == "..":
                real = real.rpartition("/")[0]
                continue
            here = f"{real}/{part}" if real else part
            node = self.nodes.get(here)
            if parts and node is not None and node.kind == "symlink":
                links += 1
                if links > _MOST_LINKS:
                    raise MalformedError("too many symbolic links", path)
                real = "" if node.link.startswith("/") else real
                parts[:0] = [p for p in node.link.split("/") if p not in ("", ".")]
                continue
            real = here
        return real

    def follow(self, path: str) -> str:
        """Return where a path leads when all symbolic links are followed."""
        return self.resolve(f"{path}/{_ANY}").removesuffix(_ANY).rstrip("/")

    def node(self, path: str) -> Node | None:
        """Return what is at a path, links of its folders followed."""
        return self.nodes.get(self.resolve(path))

    def read(self, path: str) -> bytes | None:
        """Return the content of a file that was asked for, through symbolic links."""
        seen = 0
        path = self.resolve(path)
        while (node := self.nodes.get(path)) and node.kind == "symlink" and seen < _MOST_LINKS:
            folder = "" if node.link.startswith("/") else posixpath.dirname(path)
            path, seen = self.resolve(f"{folder}/{node.link}"), seen + 1
        return self.contents.get(path)

    def account(self, name: str, number: int, file: str) -> int:
        """Return the number of a user (`passwd`) or a group (`group`), by its name if known."""
        if name not in self._accounts.setdefault(file, {}):
            text = (self.read(f"etc/{file}") or b"").decode("utf-8", "surrogateescape")
            rows = [line.split(":") for line in text.splitlines()]
            found = {r[0]: int(r[2]) for r in rows if len(r) > 2 and r[2].isdigit()}
            self._accounts[file] = {**found, name: found.get(name, -1)}
        known = self._accounts[file][name]
        return number if known < 0 else known

    def children(self, folder: str) -> set[str]:
        """Return the names in a folder."""
        if self._children is None:
            self._children = {}
            for path in self.nodes:
                parent, _, name = path.rpartition("/")
                if name:
                    self._children.setdefault(parent, set()).add(name)
        return self._children.get(folder, set())

    def files(self, folder: str) -> list[str]:
        """Return the paths in a folder, through its links, in order."""
        real = self.follow(folder)
        return [f"{real}/{name}" for name in sorted(self.children(real))]


def read_root(image: Image, source: Source, wanted: Callable[[str], bool]) -> Root:
    """Return the root of an image, with the content of the files that are wanted."""
    root = Root()
    above = _Above()
    for layer in reversed(image.layers):
        stream = ByteStream(inflate(iter(source.open(layer)), layer.diff_id), layer.diff_id)
        _read_layer(stream, root, above, wanted)
        if sum(map(len, root.contents.values())) > _LARGEST_ALL:
            raise LimitExceeded(f"{image.name}: its package databases have over {_LARGEST_ALL} B")
    _add_folders(root)
    return root


def _add_folders(root: Root) -> None:
    """Add the folders that no layer has an entry for, as engines make them."""
    for path in list(root.nodes):
        parent = path.rpartition("/")[0]
        while parent and parent not in root.nodes:
            root.nodes[parent] = Node("directory", 0o755, 0, 0, 0)
            parent = parent.rpartition("/")[0]


class _Above:
    """What the layers above have taken away from those below."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        """Paths that are there no more, nor what is below them."""
        self.opaque: set[str] = set()
        """Folders whose content is there no more."""

    def hides(self, path: str) -> bool:
        if path in self.gone:
            return True
        parent = path.rpartition("/")[0]
        while parent:
            if parent in self.gone or parent in self.opaque:
                return True
            parent = parent.rpartition("/")[0]
        return "" in self.opaque


def _read_layer(
    stream: ByteStream, root: Root, above: _Above, wanted: Callable[[str], bool]
) -> None:
    found: dict[str, Node] = {}
    contents: dict[str, bytes] = {}
    gone: set[str] = set()
    opaque: set[str] = set()
    for member in tar.walk(stream):
        path = posixpath.normpath("/" + member.name.decode("utf-8", "surrogateescape")).lstrip("/")
        folder, _, name = path.rpartition("/")
        if name == _OPAQUE:
            opaque.add(folder)
        elif name.startswith(_WHITEOUT):
            gone.add(f"{folder}/{name[4:]}".lstrip("/"))
        elif path:
            contents.pop(path, None)
            found[path] = _node(member, found)
            if member.kind == "file" and wanted(path):
                contents[path] = _content(stream, member, path)
            elif member.kind == "hardlink" and (linked := _target(member)) in contents:
                contents[path] = contents[linked]
        if len(found) > _MOST:
            raise LimitExceeded(f"{stream.where}: more than {_MOST} entries")
    stream.drain()
    _merge(root, above, found, contents)
    above.gone |= gone | {path for path, node in found.items() if node.kind != "directory"}
    above.opaque |= opaque


def _merge(root: Root, above: _Above, found: dict[str, Node], contents: dict[str, bytes]) -> None:
    for path, node in found.items():
        if path not in root.nodes and not above.hides(path):
            root.nodes[path] = node
            if path in contents:
                root.contents[path] = contents[path]


def _content(stream: ByteStream, member: tar.Member, path: str) -> bytes:
    if member.size > _LARGEST:
        raise LimitExceeded(f"{path} has {member.size} bytes")
    return b"".join(tar.content(stream, member))


def _target(member: tar.Member) -> str:
    link = member.link.decode("utf-8", "surrogateescape")
    return posixpath.normpath("/" + link).lstrip("/")


def _node(member: tar.Member, found: dict[str, Node]) -> Node:
    if member.kind == "hardlink" and (linked := found.get(_target(member))):
        return linked
    uid, gid = member.owner
    kind = "file" if member.kind == "hardlink" else member.kind
    link = member.link.decode("utf-8", "surrogateescape") if kind == "symlink" else ""
    return Node(kind, member.mode & 0o7777, uid, gid, member.mtime, member.size, link)


def within(paths: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a path is one of some, or below one of them."""
    folders: Sequence[str] = tuple(path.rstrip("/") for path in paths)
    below = tuple(f"{folder}/" for folder in folders)
    return lambda path: path.startswith(below) or path in folders
