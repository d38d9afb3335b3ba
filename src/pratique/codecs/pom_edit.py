"""Change a pom.xml as text: versions, properties, what is managed. All else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# in these, dependencies are not the project's own
_ELSEWHERE = re.compile(
    r"<(build|profiles|exclusions|reporting)>.*?(?:</\1>|\Z)", re.DOTALL
)  # fmt: skip
_BLOCK = re.compile(r"<dependency>(.*?)</dependency>", re.DOTALL)
_PARENT = re.compile(r"<parent>(.*?)</parent>", re.DOTALL)
_PROPERTIES = re.compile(r"<properties>(.*?)</properties>", re.DOTALL)
_MANAGED = re.compile(r"<dependencyManagement>.*?</dependencyManagement>", re.DOTALL)
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")


class Place:
    """Where an element's text is."""

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end, self.text = start, end, text

    @property
    def reference(self) -> str:
        """The property that it is, where it is one."""
        found = _REFERENCE.fullmatch(self.text)
        return found[1] if found else ""


class PomText:
    """A pom.xml that is changed step by step."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def _plain(self) -> str:
        """The text with comments, and elements of no interest, blanked; places are the same."""

        def blank(found: re.Match[str]) -> str:
            return " " * len(found[0])

        return _ELSEWHERE.sub(blank, _COMMENT.sub(blank, self.text))

    def versions(self, group: str, artifact: str) -> list[Place]:
        """Return where the versions of a dependency are, also of one that is managed."""
        return [place for g, a, place in self._dependencies() if place and
                (g, a) == (group, artifact)]  # fmt: skip

    def imports(self) -> list[tuple[str, str, Place]]:
        """Return the BOMs that are imported, with where their versions are."""
        plain, scope = self._plain, re.compile(r"<scope>\s*import\s*</scope>")
        return [
            (group, artifact, place)
            for group, artifact, place in self._dependencies()
            if place and scope.search(plain, place.start, plain.find("</dependency>", place.start))
        ]

    def parent(self) -> tuple[str, str, Place] | None:
        """Return the parent's group and artifact, and where its version is."""
        found = _PARENT.search(self._plain)
        if not found:
            return None
        group, artifact, version = _fields(found, 1)
        return (group, artifact, version) if version else None

    def property(self, name: str) -> Place | None:
        found = _PROPERTIES.search(self._plain)
        return _child(found, 1, name) if found else None

    def put(self, place: Place, text: str) -> None:
        """Replace a text; places that were found before are void then."""
        self.text = self.text[: place.start] + text + self.text[place.end :]

    def put_all(self, find: Callable[[], list[Place]], text: str) -> None:
        for place in reversed(find()):
            self.put(place, text)

    def add_property(self, name: str, value: str) -> None:
        """Set a property; where there are none, after the parent or the project's own words."""
        if place := self.property(name):
            self.put(place, value)
            return
        one, newline = self._indent(), self._newline()
        line = f"<{name}>{value}</{name}>"
        if found := _PROPERTIES.search(self._plain):
            at = self._line(found.end(1))
            self._insert(at, f"{one * 2}{line}{newline}")
        else:
            block = newline.join((f"{one}<properties>", f"{one * 2}{line}", f"{one}</properties>"))
            self._insert(self._top(), f"{block}{newline}")

    def manage(self, group: str, artifact: str, version: str) -> None:
        """Add an entry to what is managed; it must not be there yet."""
        one, newline = self._indent(), self._newline()
        words = (("groupId", group), ("artifactId", artifact), ("version", version))
        entry = [
            f"{one * 3}<dependency>",
            *(f"{one * 4}<{name}>{value}</{name}>" for name, value in words),
            f"{one * 3}</dependency>",
        ]
        plain = self._plain
        if (found := _MANAGED.search(plain)) and (
            opening := re.compile(r"<dependencies>[^\n]*\n").search(plain, found.start())
        ):
            # first, since of two the first counts: that of an imported BOM comes later
            self._insert(opening.end(), newline.join(entry) + newline)
            return
        lines = [f"{one}<dependencyManagement>", f"{one * 2}<dependencies>", *entry,
                 f"{one * 2}</dependencies>", f"{one}</dependencyManagement>"]  # fmt: skip
        self._insert(self._top(), newline.join(lines) + newline)

    def _dependencies(self) -> Iterator[tuple[str, str, Place | None]]:
        for block in _BLOCK.finditer(self._plain):
            yield _fields(block, 1)

    def _top(self) -> int:
        """Return the start of the line of the first dependencies or what ends the project."""
        plain = self._plain
        found = re.search(r"<(?:dependencyManagement|dependencies)>|</project>", plain)
        first = found.start() if found else len(plain)
        build = re.search(r"<build>", _COMMENT.sub(lambda m: " " * len(m[0]), self.text))
        return self._line(min(first, build.start()) if build else first)

    def _line(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1

    def _insert(self, at: int, text: str) -> None:
        self.text = self.text[:at] + text + self.text[at:]

    def _indent(self) -> str:
        found = re.search(r"\n([ \t]+)<", self._plain)
        return found[1] if found else "  "

    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


def _fields(block: re.Match[str], group: int) -> tuple[str, str, Place | None]:
    names = (_child(block, group, name) for name in ("groupId", "artifactId"))
    found, artifact = (place.text if place else "" for place in names)
    return found, artifact, _child(block, group, "version")


def _child(block: re.Match[str], group: int, name: str) -> Place | None:
    found = re.search(rf"<{re.escape(name)}>\s*([^<]*?)\s*</{re.escape(name)}>", block[group])
    if not found:
        return None
    start = block.start(group)
    return Place(start + found.start(1), start + found.end(1), found[1])
