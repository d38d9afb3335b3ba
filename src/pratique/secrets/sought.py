"""A rule as it is looked for: its pattern, what sets it off, and what lets a match pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from pratique.codecs.glob import compiled
from pratique.model.secret_rule import SecretRule
from pratique.secrets import patterns

_TELLING = 4  # characters of a keyword that is rare enough to start from
REACH = 200
"""Bytes on either side of a match in which its keyword may stand, on the same line."""


class Allow:
    """What lets a match pass: a pattern of the secret, or of the file's path."""

    def __init__(
        self, name: str, secret: re.Pattern[bytes] | None, path: re.Pattern[str] | None
    ) -> None:
        self.name = name
        self.secret = secret
        self.path = path

    def lets_pass(self, secret: bytes, path: str) -> bool:
        if self.path is not None and self.path.search(path):
            return True
        return self.secret is not None and self.secret.search(secret) is not None


class Sought:
    """A rule of ours, or one of the user's with what only those have."""

    def __init__(
        self,
        rule: SecretRule,
        *,
        path: re.Pattern[str] | None = None,
        allows: tuple[Allow, ...] = (),
        excluded: tuple[re.Pattern[bytes], ...] = (),
        is_own: bool = False,
    ) -> None:
        """`is_own`: it is the user's, whose keywords may stand anywhere in the file, as Trivy's."""
        self.rule = rule
        self.path = path
        self.allows = allows
        self.excluded = excluded
        self.is_own = is_own
        self._keywords = tuple(word.lower().encode() for word in rule.keywords)

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        return re.compile(self.rule.pattern.encode())

    @cached_property
    def globs(self) -> tuple[Callable[[str], object], ...]:
        """What tells the only files that it is looked for in."""
        return tuple(map(compiled, self.rule.paths))

    @cached_property
    def width(self) -> int:
        return patterns.width(self.rule.pattern)

    @cached_property
    def is_bounded(self) -> bool:
        return patterns.is_bounded(self.rule.pattern)

    @cached_property
    def group(self) -> int | str:
        return "secret" if "secret" in self.pattern.groupindex else 0

    @cached_property
    def is_by_path(self) -> bool:
        """Whether a file's name tells that it is to be looked at."""
        names = [path.rpartition("/")[2] for path in self.rule.paths]
        return bool(names) and not any(set(name) & set("*?[") for name in names)

    @property
    def trigger(self) -> str:
        """What is looked for first: what is in each match, or the keyword beside it."""
        start = patterns.core(self.rule.pattern)
        if self.is_own or not self._keywords:
            return start
        rarest = min(map(len, self._keywords)) >= _TELLING
        if start and patterns.longest_literal(self.rule.pattern) >= (2 if rarest else 1):
            return start
        return f"(?i:{'|'.join(re.escape(word.decode()) for word in self._keywords)})"

    @cached_property
    def around(self) -> int:
        """How far from its trigger's end a match may be."""
        longest = max(map(len, self._keywords), default=0)
        return 2 * self.width + REACH + longest

    def matches(self, text: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
        """Yield the matches in a stretch; the next one begins right behind the secret."""
        at = start
        while match := self.pattern.search(text, at, end):
            if self.is_bounded and match.end() == end < len(text):
                at = match.start() + 1  # its end may not be the real one
                continue
            yield match
            at = max(match.end(self.group), match.start() + 1)

    def has_keyword(self, text: bytes, match: re.Match[bytes], whole: Callable[[], bytes]) -> bool:
        """Tell whether a keyword stands in a match or on its line; of an own rule, in the file."""
        if not self._keywords:
            return True
        if self.is_own:
            lowered = whole()
        else:
            start = max(0, match.start() - REACH)
            start = text.rfind(b"\n", start, match.start()) + 1 or start
            end = min(len(text), match.end() + REACH)
            stop = text.find(b"\n", match.end(), end)
            lowered = text[start : stop if stop >= 0 else end].lower()
        return any(word in lowered for word in self._keywords)
