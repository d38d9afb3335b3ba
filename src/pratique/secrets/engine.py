"""Find secrets in texts: triggers say where to look, rules what is there, judgement what counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import DecodeError, ValidationError, msgpack

from pratique.cache import Cache
from pratique.errors import LimitExceeded
from pratique.model.analyzer import Stretch
from pratique.model.file import File
from pratique.model.inventory import Fact, Problem
from pratique.model.secret import Secret
from pratique.secrets import places
from pratique.secrets.judge import Found, chosen, counts, secrets
from pratique.secrets.masking import Span
from pratique.secrets.ruleset import Ruleset
from pratique.secrets.triggers import Place, Triggers, triggers

_PIECE = 8 << 20
"""Bytes of a large file that are searched at a time."""
_OVERLAP = 64 << 10
"""What two pieces have in common, so that no secret is cut in two."""
_MOST_PLACES = 20_000
"""Places in a file, and secrets, that are looked at; what has more is a list, or hostile."""
_MOST_SECRETS = 200
_NEXT = 4096
"""Bytes between two files of a block that are searched along with them: headers."""

_NAMES = msgpack.Decoder(dict[bytes, list[int]])

Keep = Callable[[Secret, bytes], None]


class Engine:
    """Looks for the secrets of a set of rules; may be used by several threads."""

    def __init__(
        self, rules: Callable[[], Ruleset], cache: Cache, keep: Keep | None = None, key: str = ""
    ) -> None:
        """`rules` are asked for when something may be a secret, or when the cache does not hold
        what was made of those of this key. `keep` is given what is found.
        """
        self._make = rules
        self._key = key
        self._cache = cache
        self._keep = keep

    @cached_property
    def _rules(self) -> Ruleset:
        return self._make()

    @cached_property
    def _triggers(self) -> Triggers:
        return triggers(self._expressions, self._cache, self._key)

    def _expressions(self) -> dict[int, str]:
        return {n: s.trigger for n, s in enumerate(self._rules.sought) if not s.is_by_path}

    @cached_property
    def _named(self) -> dict[bytes, list[int]]:
        """The rules that a file's name alone sets off, by that name."""
        key = f"names {self._key}"
        try:
            return _NAMES.decode(self._cache.get(key) or b"")
        except (DecodeError, ValidationError):
            named = self._rules.named()
            self._cache.put(key, msgpack.encode(named))
            return named

    def analyze(self, file: File) -> Iterator[Fact]:
        """Yield the secrets of one file, of any size; raise LimitExceeded where there were more."""
        problem = ""
        for fact in self._of_file(file):
            if isinstance(fact, Problem):
                problem = fact.what
            else:
                yield fact
        if problem:
            raise LimitExceeded(problem)

    def _of_file(self, file: File) -> Iterator[Fact | Problem]:
        if file.size <= _PIECE:
            yield from self.find(as_utf8(file.read()), file.path)
            return
        stream = file.open()
        before = b""
        line = 1
        while piece := stream.read(_PIECE):
            text = before + piece
            # a secret in what two pieces have in common belongs to one of them
            until = len(text) - _OVERLAP // 2 if len(piece) == _PIECE else len(text)
            yield from self.find(text, file.path, line, range(len(before) // 2, until))
            line += text.count(b"\n", 0, len(text) - _OVERLAP)
            before = text[-_OVERLAP:]

    def search(self, block: bytes, stretches: Sequence[Stretch]) -> Iterator[Fact | Problem]:
        """Yield the secrets of files that lie in one block, in this order."""
        view = memoryview(block)
        for group in _neighbours(stretches):
            start = group[0].start
            found = self._triggers.places(view[start : group[-1].end], _MOST_PLACES)
            if named := self._named:
                found += (
                    (number, one.end - start)
                    for one in group
                    for number in named.get(one.path[one.path.rfind(b"/") + 1 :], ())
                )
            if len(found) >= _MOST_PLACES and len(group) > 1:
                for one in group:
                    text = block[one.start : one.end]
                    yield from self.find(text, one.path.decode("utf-8", "replace"))
            elif found:
                yield from self._sorted_out(block, group, start, found)

    def _sorted_out(
        self, block: bytes, group: Sequence[Stretch], start: int, found: Sequence[Place]
    ) -> Iterator[Fact | Problem]:
        """Give each file of a group what was found in it."""
        starts = [stretch.start for stretch in group]
        by_file: dict[int, list[Place]] = {}
        for number, end in found:
            at = bisect_right(starts, start + end - 1) - 1
            by_file.setdefault(at, []).append((number, start + end - starts[at]))
        for at, its in by_file.items():
            text = block[starts[at] : group[at].end]
            yield from self._judged(text, group[at].path.decode("utf-8", "replace"), its)

    def find(
        self,
        text: bytes,
        path: str,
        first_line: int = 1,
        within: range | None = None,
        keep: Keep | None = None,
    ) -> Iterator[Fact | Problem]:
        """Yield the secrets of a text, or those that begin in a range of it.

        `keep` is given each as it is, beside what the engine was told to give them to.
        """
        found = self._triggers.places(text, _MOST_PLACES)
        name = path[path.rfind("/") + 1 :].encode("utf-8", "replace")
        found += ((number, len(text)) for number in self._named.get(name, ()))
        if found:
            yield from self._judged(text, path, found, first_line, within, keep)

    def _judged(
        self,
        text: bytes,
        path: str,
        found: Sequence[Place],
        first_line: int = 1,
        within: range | None = None,
        keep: Keep | None = None,
    ) -> Iterator[Fact | Problem]:
        if len(found) >= _MOST_PLACES:
            yield Problem(
                f"more than {_MOST_PLACES} places that may be secrets: not all seen", path
            )
        if path.endswith(".pyc"):
            first_line = 0
        every = self._found(text, path, found)
        some = [one for one in chosen(every, text) if within is None or one.start in within]
        if len(some) > _MOST_SECRETS:
            yield Problem(f"{len(some)} secrets: the first {_MOST_SECRETS} are reported", path)
        for secret, raw in secrets(some[:_MOST_SECRETS], every, text, path, first_line):
            for give in filter(None, (self._keep, keep)):
                give(secret, raw)
            yield secret

    def _found(self, text: bytes, path: str, found: Sequence[Place]) -> list[Found]:
        """Return what the rules find at some places, and what counts of it."""
        by_rule: dict[int, list[int]] = {}
        for number, end in found:
            by_rule.setdefault(number, []).append(end)
        lowered: list[bytes] = []

        def whole() -> bytes:
            if not lowered:
                lowered.append(text.lower())
            return lowered[0]

        every: list[Found] = []
        for number, ends in by_rule.items():
            sought = self._rules.sought[number]
            if not places.concerns(sought, path, self._rules):
                continue
            around = len(text) if sought.is_by_path else sought.around
            for start, stop in _windows(ends, around, len(text)):
                for match in sought.matches(text, start, stop):
                    span = match.span(sought.group)
                    if sought.has_keyword(text, match, whole) and counts(
                        sought, text, span, path, self._rules
                    ):
                        every.append(Found(sought, *span))
        return every


def as_utf8(data: bytes) -> bytes:
    """Return a text of UTF-16, as Windows writes them, in UTF-8; any other as it is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _neighbours(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Put files together of which one follows the other.

    A file that ends where the next header begins ends its group: what follows it is not its own.
    """
    group: list[Stretch] = []
    for stretch in stretches:
        if group:
            gap = stretch.start - group[-1].end
            if gap > _NEXT or gap % 512 == 0:
                yield group
                group = []
        group.append(stretch)
    if group:
        yield group


def _windows(ends: Iterable[int], around: int, length: int) -> Iterator[Span]:
    """Yield the stretches around some places, joined where they meet."""
    start = stop = -1
    for end in sorted(ends):
        low, high = max(0, end - around), min(length, end + around)
        if low <= stop:
            stop = high
            continue
        if stop >= 0:
            yield start, stop
        start, stop = low, high
    if stop >= 0:
        yield start, stop
