"""Decide which analyzers want a file, from the globs of all of them compiled together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from pratique.codecs.glob import REGEX, compiled
from pratique.model.analyzer import Analyzer

EXECUTABLE, LISTING, MODES, TEXT = "<executable>", "<paths>", "<modes>", "<text>"
_MAGIC = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_INSTALLED = re.compile(rb"-packages/|(?:^|/)lib/(?:python|pypy)\d")
_NOBODY: tuple[Analyzer, ...] = ()
_Rule = tuple[Analyzer, Callable[[str], object]]


class Wanted:
    """Maps a path to the analyzers that want it: by its last component, then by the whole glob.

    A layer has 100,000 paths and wants 3,000 of them, so the common answer, nobody, must be cheap:
    one look-up of the file's name, one of its beginning and one of its ending.
    """

    def __init__(self, analyzers: Iterable[Analyzer]) -> None:
        self._by_name: dict[bytes, list[_Rule]] = {}
        self._by_ending: dict[bytes, list[_Rule]] = {}
        self._by_beginning: dict[bytes, list[_Rule]] = {}
        self._by_folder: dict[bytes, list[_Rule]] = {}
        self._others: list[_Rule] = []
        self._is_empty = True
        self.executables = tuple(a for a in analyzers if EXECUTABLE in a.paths)
        self.listings = tuple(a for a in analyzers if LISTING in a.paths)
        self.texts = tuple(a for a in analyzers if TEXT in a.paths)
        self.modes = tuple(a for a in analyzers if MODES in a.paths)
        for analyzer in analyzers:
            for glob in analyzer.paths:
                if glob not in (EXECUTABLE, LISTING, MODES, TEXT):
                    self._add(analyzer, glob)

    @classmethod
    def exactly(cls, paths: Mapping[str, Iterable[Analyzer]]) -> Wanted:
        """Want these paths and no others, each for its analyzers."""
        wanted = cls(())
        for path, analyzers in paths.items():
            rules = wanted._by_name.setdefault(path.rpartition("/")[2].encode(), [])
            rules += [(analyzer, path.__eq__) for analyzer in analyzers]
        wanted._is_empty = False
        return wanted

    def _add(self, analyzer: Analyzer, glob: str) -> None:
        self._is_empty = False
        rule = (analyzer, compiled(glob))
        if glob.startswith(REGEX):
            self._others.append(rule)
            return
        folder, _, last = glob.rpartition("/")
        if not re.search(r"[*?\[]", last):
            self._by_name.setdefault(last.encode(), []).append(rule)
        elif ending := re.search(r"(?:\.[^*?\[\].]+){1,2}$", last):
            self._by_ending.setdefault(ending[0].encode(), []).append(rule)
        elif beginning := re.match(r"[\w.-]{8}", last, re.ASCII):
            self._by_beginning.setdefault(beginning[0].encode(), []).append(rule)
        elif glob.startswith("/") and not re.search(r"[*?\[]", folder):
            self._by_folder.setdefault(folder[1:].encode(), []).append(rule)
        else:
            self._others.append(rule)

    def by(self, path: bytes) -> tuple[Analyzer, ...]:
        """Return the analyzers whose globs match a path relative to the root."""
        if self._is_empty:
            return _NOBODY
        slash = path.rfind(b"/") + 1
        name = path[slash:]
        rules = self._by_name.get(name)
        if (dot := name.rfind(b".")) >= 0:
            if more := self._by_ending.get(name[dot:]):
                rules = rules + more if rules else more
            if (dot := name.rfind(b".", 0, dot)) >= 0 and (more := self._by_ending.get(name[dot:])):
                rules = rules + more if rules else more
        if more := self._by_beginning.get(name[:8]):
            rules = rules + more if rules else more
        if more := self._by_folder.get(path[: slash - 1] if slash else b""):
            rules = rules + more if rules else more
        if self._others:
            rules = [*(rules or ()), *self._others]
        if not rules:
            return _NOBODY
        text = path.decode("utf-8", "replace")
        return tuple(dict.fromkeys(analyzer for analyzer, matches in rules if matches(text)))

    def beyond(self, path: str, target: str) -> tuple[Analyzer, ...]:
        """Return the analyzers that want a link, but not the file that it leads to."""
        own = self.by(target.encode("utf-8", "surrogateescape"))
        wanting = self.by(path.encode("utf-8", "surrogateescape"))
        return tuple(analyzer for analyzer in wanting if analyzer not in own)


def is_executable(head: bytes) -> bool:
    """Tell by its first bytes whether a file is an ELF, PE or Mach-O program or library."""
    return head.startswith(_MAGIC)


def is_text(head: bytes, path: bytes) -> bool:
    """Tell by its first bytes whether a file is text: no NUL among them, or UTF-16.

    A module that was compiled for Python counts as well, for its texts stand in it as they are; not
    one of an installed package, which lies beside its source.
    """
    if b"\0" not in head:
        return True
    return head.startswith(_UTF_16) or (path.endswith(b".pyc") and not _INSTALLED.search(path))
