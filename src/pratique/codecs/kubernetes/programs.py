"""The programs of the control plane, where a manifest runs them, and the flags they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.codecs.located import Span, span_of
from pratique.model.check import Failure


class Program(Part, frozen=True, gc=False):
    """A program that a container runs."""

    flags: Mapping[str, tuple[str, Span]] = {}
    """From a flag without its dashes to its value and line; `true` for one that has no value."""

    def flag(self, name: str, default: str = "") -> str:
        return self.flags[name][0] if name in self.flags else default

    def number(self, name: str) -> int:
        """Return a flag's number; 0 for none."""
        value = self.flag(name)
        return int(value) if value.isdecimal() and len(value) < 10 else 0

    def words(self, name: str) -> list[str]:
        """Return the words of a flag whose value is a list with commas."""
        return [word.strip() for word in self.flag(name).split(",") if word.strip()]

    def lacks(self, *names: str) -> list[str]:
        """Return those of the flags that are not given, with their dashes."""
        return [f"--{name}" for name in names if not self.flag(name)]

    def fails_with(self, message: str, *names: str) -> Failure:
        """Say what is wrong at the first of the flags that is there, or at the command."""
        given = next((self.flags[name][1] for name in names if name in self.flags), None)
        return self.fails_at(message, given) if given else self.fails(message, "command")


def programs(one: Object, name: str) -> Iterator[Program]:
    """Yield the containers of an object that run a program, such as `kube-apiserver`."""
    for container in one.containers:
        words = [
            (word, span_of(container.value[key], n))
            for key in ("command", "args")
            for n, word in enumerate(container.items(key))
            if isinstance(word, str)
        ]
        if any(word.rpartition("/")[2] == name for word, _ in words[:2]):
            yield Program(container.value, name, container.span, (), dict(_flags(words)))


def _flags(words: list[tuple[str, Span]]) -> Iterator[tuple[str, tuple[str, Span]]]:
    for n, (word, span) in enumerate(words):
        if not word.startswith("-"):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals:
            after = words[n + 1][0] if n + 1 < len(words) else "-"
            value = "true" if after.startswith("-") else after
        yield name, (value, span)
