"""Gather the texts of a layer that lie side by side, so that they are searched together."""

from __future__ import annotations

from collections.abc import Sequence

from pratique.codecs import tar
from pratique.codecs.bytestream import ByteStream
from pratique.inventory.wanted import is_text
from pratique.model.analyzer import Analyzer, Stretch
from pratique.model.inventory import Fact, Problem

HEAD = 1024
"""Bytes of a file that tell whether it is text."""


class Texts:
    """The texts of one stream: those that lie in one chunk of it are searched where they are."""

    def __init__(self, analyzers: Sequence[Analyzer]) -> None:
        self._searches = [one.search for one in analyzers if one.search]
        self._chunk = b""
        self._pending: list[Stretch] = []
        self.found: dict[str, list[Fact]] = {}
        """What was found, by path."""
        self.problems: list[Problem] = []

    def take(self, stream: ByteStream, member: tar.Member, path: bytes) -> bool:
        """Take a file in where it is text; say whether it is left to be read by itself.

        That is a text which goes on in the next chunk, has holes, or is not written in ASCII's way.
        """
        chunk, at = stream.chunk, stream.at
        if chunk is not self._chunk:
            self.flush()
            self._chunk = chunk
        end = at + member.size
        if end <= len(chunk) and member.holes is None:
            if chunk.find(b"\0", at, min(end, at + HEAD)) < 0:
                self._pending.append(Stretch(at, end, path))
                return False
            return is_text(chunk[at : min(end, at + HEAD)], path)
        head = chunk[at : at + HEAD]
        if len(head) < HEAD // 2:
            head = stream.peek(min(member.stored, HEAD))
        return is_text(head, path)

    def flush(self) -> None:
        """Search what is pending."""
        if self._pending:
            for search in self._searches:
                for fact in search(self._chunk, self._pending):
                    if isinstance(fact, Problem):
                        self.problems.append(fact)
                    else:
                        self.found.setdefault(fact.path, []).append(fact)
            self._pending = []
