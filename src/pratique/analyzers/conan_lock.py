"""C and C++ packages that Conan locked: conan.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.codecs.lock_graph import merged
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Node(Struct, gc=False):
    ref: str = ""
    requires: list[str] = []
    build_requires: list[str] = []


class _Graph(Struct):
    nodes: dict[str, _Node] = {}


class _Lock(Struct):
    version: str = ""
    graph_lock: _Graph | None = None
    """Of Conan 1."""
    requires: list[str] | None = None
    build_requires: list[str] | None = None
    python_requires: list[str] | None = None
    """These of Conan 2."""


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Conan 1 or 2 (docs.conan.io, lockfiles).

    Only Conan 1 tells what needs what; tools to build with are for development.
    """
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    lines = _lines(data)
    if lock.graph_lock is not None:
        yield from merged(_graph(lock.graph_lock.nodes, file.path, lines))
    elif lock.requires is None and lock.build_requires is None:
        raise MalformedError("no lock file of Conan", file.path)
    run = [(ref, False) for ref in lock.requires or ()]
    dev = [(ref, True) for ref in (*(lock.build_requires or ()), *(lock.python_requires or ()))]
    yield from merged(
        Package(file.path, "conan", "conan", *pair, dev=is_dev, line=lines.get(ref, 0))
        for ref, is_dev in run + dev
        if all(pair := _identity(ref))
    )


def _graph(nodes: dict[str, _Node], path: str, lines: dict[str, int]) -> Iterator[Package]:
    ids = {key: "@".join(_identity(node.ref)) for key, node in nodes.items()}
    tools = {key for node in nodes.values() for key in node.build_requires}
    needed = {key for node in nodes.values() for key in node.requires}
    roots = nodes.keys() - tools - needed
    direct = {key for root in roots for key in nodes[root].requires}
    for key, node in nodes.items():
        name, version = _identity(node.ref)
        if name and version:
            role = "root" if key in roots else "direct" if key in direct else "indirect"
            yield Package(
                path, "conan", "conan", name, version, relation=role, line=lines.get(node.ref, 0),
                dev=key in tools and key not in needed,
                depends=tuple(sorted({ids[need] for need in node.requires if need in ids})),
            )  # fmt: skip


def _identity(reference: str) -> tuple[str, str]:
    """Return the name and version of `name/1.0@user/channel#revision%time`."""
    plain = reference.partition("#")[0].partition("@")[0].partition("%")[0]
    name, _, version = plain.partition("/")
    return name, version


def _lines(data: bytes) -> dict[str, int]:
    """Map references, which are strings of their own, to the lines where they first stand."""
    lines: dict[str, int] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        reference = line.strip().removeprefix('"ref":').strip(' ,"')
        if "/" in reference:
            lines.setdefault(reference, number)
    return lines


conan_lock = Analyzer("conan", 1, ("conan.lock",), _analyze, reads="locked")
