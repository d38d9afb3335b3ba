"""A project in memory for parts that change manifests: what they run and ask is answered here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from pratique.errors import MalformedError, NotFound
from pratique.model.remedy import Bump
from pratique.upgrades import level


class Memory:
    """Texts by path; programs and URLs by what answers."""

    is_offline = False
    may_build = False

    def __init__(
        self,
        texts: Mapping[str, str],
        tools: Mapping[str, Callable[[Sequence[str]], str]] | None = None,
        urls: Mapping[str, bytes] | None = None,
    ) -> None:
        self.texts = dict(texts)
        self.ran: list[Sequence[str]] = []
        self._tools = dict(tools or {})
        self._urls = dict(urls or {})

    def text(self, path: str) -> str | None:
        return self.texts.get(path)

    def matching(self, glob: str) -> list[str]:
        return sorted(path for path in self.texts if PurePosixPath(path).match(glob))

    def write(self, path: str, text: str) -> None:
        self.texts[path] = text

    def tool(self, *names: str) -> str:
        return next((name for name in names if name in self._tools), "")

    def run(
        self, words: Sequence[str], folder: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        self.ran.append(words)
        if words[0] not in self._tools:
            raise MalformedError(f"{words[0]} is not here")
        return self._tools[words[0]](words)

    def fetch(self, url: str, accept: str) -> bytes:
        for end, data in self._urls.items():
            if url.endswith(end):
                return data
        raise NotFound(url)


def bump(
    name: str, installed: str, to: str, path: str, *, direct: bool = True, attempt: int = 0
) -> Bump:
    far = level(installed, to)
    return Bump(name, "x", path, "x", (installed,), to, far, 1, direct, attempt)


def refuse(_words: Sequence[str]) -> str:
    raise MalformedError("tool: these do not go together")
