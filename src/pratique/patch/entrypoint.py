"""Whether what an image starts is there still once a patch took files away.

https://github.com/opencontainers/image-spec/blob/main/config.md: Entrypoint, else Cmd; a name
without a slash is looked for along PATH.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pratique.errors import MalformedError
from pratique.patch.root import Root

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_LINKS = 40


def lost(config: Mapping[str, Any], root: Root, removed: Iterable[str]) -> str:
    """Return the program that an image starts and that would be gone; empty where none is.

    `removed` are the paths that a layer takes away, whole folders among them.
    """
    gone = frozenset(removed)
    program, chain = _program(config, root)
    return program if any(_is_in(path, gone) for path in chain) else ""


def _program(config: Mapping[str, Any], root: Root) -> tuple[str, list[str]]:
    """Return what is started, and the file that it is with the links that lead to it."""
    inner = config.get("config")
    settings = inner if isinstance(inner, dict) else {}
    words = settings.get("Entrypoint") or settings.get("Cmd") or []
    word = words[0] if isinstance(words, list) and words and isinstance(words[0], str) else ""
    for path in _places(word, settings):
        try:
            chain = list(_chain(path, root))
        except MalformedError:
            continue
        if chain and root.nodes[chain[-1]].kind == "file":
            return word, chain
    return word, []


def _places(word: str, settings: Mapping[str, Any]) -> Iterator[str]:
    if "/" in word:
        yield posixpath.join(str(settings.get("WorkingDir") or "/"), word)
    elif word:
        lines = [line for line in settings.get("Env") or [] if isinstance(line, str)]
        known = dict(line.partition("=")[::2] for line in lines)
        yield from (posixpath.join(folder, word) for folder in known.get("PATH", _PATH).split(":"))


def _chain(path: str, root: Root) -> Iterator[str]:
    """Yield the real path of each link on the way to a file, and of the file; raises
    MalformedError for a loop of folders.
    """
    real = root.resolve(path)
    for _ in range(_MOST_LINKS):
        node = root.nodes.get(real)
        if node is None:
            return
        yield real
        if node.kind != "symlink":
            return
        folder = "" if node.link.startswith("/") else posixpath.dirname(real)
        real = root.resolve(f"{folder}/{node.link}")


def _is_in(path: str, gone: frozenset[str]) -> bool:
    while path:
        if path in gone:
            return True
        path = path.rpartition("/")[0]
    return False
