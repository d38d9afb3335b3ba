"""Add to a Gradle build script what is managed there, in the style that it is written in."""

from __future__ import annotations

import re

from pratique.codecs.gradle_script import Script, read_script
from pratique.codecs.gradle_statements import Block, blocks

_OLD = ("compile", "runtime")


class ScriptText:
    """A script that is changed step by step; Kotlin where its name says so."""

    def __init__(self, text: str, *, kotlin: bool) -> None:
        self.text, self._kotlin = text, kotlin

    @property
    def script(self) -> Script:
        return read_script(self.text)

    def put(self, start: int, end: int, to: str) -> None:
        self.text = self.text[:start] + to + self.text[end:]

    def set_property(self, name: str, value: str) -> None:
        """Set a property of the project, before what asks for it."""
        owner = "extra" if self._kotlin else "ext"
        line = f"{owner}[{self._quoted(name)}] = {self._quoted(value)}"
        if others := [*re.finditer(rf"(?m)^{owner}\[.*\n", self.text)]:
            self._insert(others[-1].end(), line)
        else:
            self._add(line)

    def manage(self, module: str) -> None:
        """Have Spring's plugin manage `group:artifact:version`."""
        said = self._call("dependency", module)
        if inner := blocks(self.text, "dependencyManagement", "dependencies"):
            self._first(inner[0], said, 2)
        elif outer := blocks(self.text, "dependencyManagement"):
            self._last(outer[0], ("dependencies {", f"{self._indent}{said}", "}"))
        else:
            lines = ("dependencyManagement {", f"{self._indent}dependencies {{",
                     f"{self._indent * 2}{said}", f"{self._indent}}}", "}")  # fmt: skip
            self._add(*lines)

    def hold(self, module: str) -> None:
        """Hold a module to a version wherever it comes from: as the build does it, if it does."""
        script = self.script
        verbs = {one.verb for one in script.modules}
        forced = [one for one in script.modules if one.verb == "force"]
        if forced:
            line = self._line(forced[0].start)
            margin = re.match(r"[ \t]*", self.text[line:])
            self._insert(line, f"{margin[0] if margin else ''}{self._call('force', module)}")
        elif verbs & set(_OLD) and not verbs & {"implementation", "api"}:
            said = self._call("force", module)
            self._add("configurations.all {", f"{self._indent}resolutionStrategy {{",
                      f"{self._indent * 2}{said}", f"{self._indent}}}", "}")  # fmt: skip
        elif inner := blocks(self.text, "dependencies", "constraints"):
            self._first(inner[0], f"implementation({self._quoted(module)})", 2)
        elif outer := blocks(self.text, "dependencies"):
            said = f"{self._indent}implementation({self._quoted(module)})"
            self._last(outer[0], ("constraints {", said, "}"))
        else:
            self._add("dependencies {", f"{self._indent}constraints {{",
                      f"{self._indent * 2}implementation({self._quoted(module)})",
                      f"{self._indent}}}", "}")  # fmt: skip

    def _add(self, *lines: str) -> None:
        """Put lines before what first asks for dependencies, else at the end."""
        found = blocks(self.text, "dependencyManagement") + blocks(self.text, "dependencies")
        if found:
            # blocks begin after a brace, on the line that names them or a later one
            header = min(found, key=lambda block: block.start).header
            at = (
                header.start
                + len(self.text[header.start :])
                - len(self.text[header.start :].lstrip())
            )
            self._insert(self._line(at), *lines, "")
            return
        if self.text and not self.text.endswith("\n"):
            self.text += self._newline
        self._insert(len(self.text), *lines)

    def _first(self, block: Block, line: str, depth: int) -> None:
        end = self.text.find("\n", block.start, block.end)
        if end < 0:
            self.put(block.start, block.start, f" {line};")
        else:
            self._insert(end + 1, f"{self._indent * depth}{line}")

    def _last(self, block: Block, lines: tuple[str, ...]) -> None:
        at = self._line(block.end)
        if at <= block.start:  # all on one line
            at = len(self.text[: block.end].rstrip(" \t"))
            self.put(at, block.end, self._newline)
            at += len(self._newline)
        self._insert(at, *(f"{self._indent}{line}" for line in lines))

    def _insert(self, at: int, *lines: str) -> None:
        self.put(at, at, "".join(f"{line}{self._newline}" for line in lines))

    def _line(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1

    def _call(self, word: str, argument: str) -> str:
        if self._kotlin:
            return f"{word}({self._quoted(argument)})"
        return f"{word} {self._quoted(argument)}"

    def _quoted(self, text: str) -> str:
        mark = '"' if self._kotlin or self.text.count('"') > self.text.count("'") else "'"
        return f"{mark}{text}{mark}"

    @property
    def _indent(self) -> str:
        found = re.search(r"(?m)^([ \t]+)\w", self.text)
        return found[1] if found else "    "

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"
