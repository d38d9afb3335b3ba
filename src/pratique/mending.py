"""Bring a Dockerfile to better habits, one change at a time, each with what checks say of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.dockerfile.build import Build, build, sources
from pratique.codecs.dockerfile.ignore import read as read_ignore
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.situation import Situation
from pratique.codecs.edits import applied
from pratique.errors import MalformedError
from pratique.misconfig import examine
from pratique.model.configuration import Document
from pratique.model.habit import Habit, Mended, Proposal
from pratique.model.inventory import Inventory
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.settings import Settings
from pratique.plugins import load

_CHECKS_COME = 50
"""Checks mend after the habits that part a Dockerfile, and before those that come after."""
_MOST_NAMES = 20_000
_MOST_PASSES = 20
_LARGEST = 1 << 20
_LEFT_OUT = frozenset({".git", "node_modules", ".venv", "venv", "target", "vendor", "__pycache__"})
Judge = Callable[[Examined], Examined]
"""Takes out failures that rules of the user's excuse."""


class Done(Struct, frozen=True):
    """What a Dockerfile is to be, and what was changed."""

    text: str
    files: Mapping[str, str]
    """Other files of the context, by path."""
    mended: tuple[Mended, ...]
    advice: tuple[str, ...]


class Dockerfile(Struct, frozen=True):
    """A Dockerfile, its context, and what is known of the image."""

    path: str
    """Relative to the context; it begins with `..` where it is not in it."""
    context: str
    """The folder; empty where it is not known which it is."""
    settings: Settings
    judge: Judge
    inventory: Inventory | None = None
    layers: int = 0


def mended(file: Dockerfile, text: str) -> Done:
    """Return a Dockerfile with better habits; raises MalformedError where it is none."""
    mending = _Mending(file, text)
    habits = sorted(load("pratique.habits", Habit), key=lambda one: one.order)
    for habit in (one for one in habits if one.order < _CHECKS_COME):
        mending.follow(habit)
    mending.mend_checks()
    for habit in (one for one in habits if one.order >= _CHECKS_COME):
        mending.follow(habit)
    return Done(
        mending.text, mending.files, tuple(mending.mended), tuple(dict.fromkeys(mending.advice))
    )


class _Mending:
    def __init__(self, file: Dockerfile, text: str) -> None:
        self.text, self.files = text, dict[str, str]()
        self.mended: list[Mended] = []
        self.advice: list[str] = []
        self._file = file
        self._names = _names(file.context) if file.context else None

    def follow(self, habit: Habit) -> None:
        for proposal in habit.propose(self._situation()):
            # what a link leads to is somebody else's: neither is it shown in a patch, nor replaced
            linked = [path for path, _ in proposal.files
                      if os.path.islink(os.path.join(self._file.context, path))]  # fmt: skip
            if proposal.is_advice:
                self.advice.append(proposal.what)
            elif linked:
                self.advice.append(f"{proposal.what} (not done: {linked[0]} is a link)")
            else:
                self._try(habit, proposal)

    def mend_checks(self) -> None:
        """Make what checks themselves can mend, one check at a time."""
        for id in sorted({f.check for f in self._failures() if f.fix}):
            count = len(self.mended)
            for _ in range(_MOST_PASSES):  # of several in one instruction each pass mends one
                fixes = [f for f in self._failures() if f.check == id and f.fix]
                edits, old = tuple(f.fix for f in fixes if f.fix), self.text
                if edits:
                    what = f"mended: {fixes[0].title}"
                    self._try(Habit(id, 0, _nothing), Proposal(what, edits=edits))
                if self.text == old:
                    break
            self.mended[count:] = _as_one(self.mended[count:])

    def _try(self, habit: Habit, proposal: Proposal) -> None:
        """Make a change, unless it is no Dockerfile then or has a grave failure that is new."""
        before, kept = self._failures(), (self.text, dict(self.files))
        self.text = applied(self.text, proposal.edits)
        self.files |= dict(proposal.files)
        try:
            self._made()
        except MalformedError:
            self.text, self.files = kept
            return
        after = self._failures()
        removes, brings = _fewer(before, after), _new(before, after)
        if any(one.severity in ("HIGH", "CRITICAL") for one in brings):
            self.text, self.files = kept
            self.advice.append(f"{proposal.what} (not done: {brings[0].message})")
        elif (self.text, self.files) != kept:
            path = proposal.files[0][0] if proposal.files else self._file.path
            one = Mended(
                habit.name, proposal.what, path, proposal.risk, tuple(removes), tuple(brings)
            )
            self.mended.append(one)

    def _made(self) -> Build:
        ignored, text = self._ignore()
        ignore = None if text is None else read_ignore(ignored, text)
        return build(parse(self.text), ignore, None, "", self._read)

    def _situation(self) -> Situation:
        file = self._file
        return Situation(self._made(), self._names, file.inventory, file.layers, self._ignore())

    def _ignore(self) -> tuple[str, str | None]:
        """Return the path and text of what leaves files out; the Dockerfile's own counts first."""
        beside = f"{self._file.path}.dockerignore"
        for path in (beside, ".dockerignore"):
            text = self.files.get(path)
            text = self._read(path, is_own=path == beside) if text is None else text
            if text is not None:
                return path, text
        return ".dockerignore", None

    def _read(self, path: str, *, is_own: bool = False) -> str | None:
        """Return a text of the context, and of nothing outside of it but what lies beside the
        Dockerfile that the user names (`is_own`).
        """
        if not self._file.context:
            return None
        base = os.path.realpath(self._file.context)
        whole = os.path.realpath(os.path.join(base, path))
        if is_own and path.startswith(".."):
            base = os.path.dirname(os.path.realpath(os.path.join(base, self._file.path)))
        try:
            if os.path.commonpath((base, whole)) != base or not os.path.isfile(whole):
                return None
            with open(whole, "rb") as stream:
                return stream.read(_LARGEST).decode("utf-8", "replace")
        except (OSError, ValueError):
            return None

    def _failures(self) -> tuple[Misconfiguration, ...]:
        path = self._file.path
        documents = [Document(path, "dockerfile", self.text)]
        documents += [Document(name, "dockerignore", text) for name, text in self.files.items()]
        chosen = replace(self._file.settings, misconfig_scanners=("dockerfile",))
        found, _ = examine(
            Inventory(documents=tuple(documents)), None, "", self._file.context, chosen
        )
        return tuple(f for one in found for f in self._file.judge(one).failures)


def _nothing(_: object) -> Iterable[Proposal]:
    return ()


def _as_one(passes: Sequence[Mended]) -> list[Mended]:
    """Return one change for the passes that it took."""
    return [replace(
        passes[0], removes=tuple(chain.from_iterable(one.removes for one in passes)),
        brings=tuple(chain.from_iterable(one.brings for one in passes)),
    )] if passes else []  # fmt: skip


def _fewer(
    some: Sequence[Misconfiguration], others: Iterable[Misconfiguration]
) -> list[Misconfiguration]:
    """Return the failures that are more than there are among others, check by check."""
    left = Counter(one.check for one in others)
    found = []
    for one in some:
        left[one.check] -= 1
        if left[one.check] < 0:
            found.append(one)
    return found


def _new(
    before: Sequence[Misconfiguration], after: Sequence[Misconfiguration]
) -> list[Misconfiguration]:
    """Return failures that were not there; of a base that is named twice the same is said twice."""
    known = {(one.check, one.message) for one in before}
    return [one for one in _fewer(after, before) if (one.check, one.message) not in known]


def _names(context: str) -> tuple[str, ...] | None:
    """Return the files of a context, but for those in folders of tools; None for too many."""
    found: list[str] = []
    for folder, folders, names in os.walk(context):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        found += (os.path.relpath(os.path.join(folder, name), context) for name in sorted(names))
        if len(found) > _MOST_NAMES:
            return None
    return tuple(found)


def context_of(path: str, root: str, text: str) -> str:
    """Return the folder that a Dockerfile of a project is built in, by what it copies.

    That is its own, or the nearest above that has all of it; empty where none has.
    """
    folder = os.path.dirname(os.path.join(root, path)) or "."
    wanted = list(_copied(text))
    while True:
        if all(os.path.lexists(os.path.join(folder, name)) for name in wanted):
            return folder
        if os.path.realpath(folder) == os.path.realpath(root):
            return ""
        folder = os.path.dirname(folder) or "."


def _copied(text: str) -> Iterator[str]:
    """Yield what COPY and ADD take by name from the context."""
    for stage in build(parse(text)).stages:
        for one in stage.all("COPY", "ADD"):
            for word in sources(one)[0] if not one.flag("from") else ():
                plain = stage.expanded(one, word.text).lstrip("/")
                if not any(sign in plain for sign in "$*?[:") and plain not in ("", "."):
                    yield plain
