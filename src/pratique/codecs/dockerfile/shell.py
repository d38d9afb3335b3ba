"""The commands of a POSIX shell script, flat, so that no check takes a word of a string for one.

Grammar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html and bash(1). What
decides which command runs (if, for, case) is left out: all of them are listed, those inside
`$(…)`, `sh -c '…'`, `eval`, here-documents for a shell and behind `sudo` or `env` as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.dockerfile.words import Word, extent, unquoted

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_DEEPEST = 6
_RESERVED = frozenset({
    "if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}", "time",
    "coproc",
})  # fmt: skip
_SKIPPED = {"for": "for", "select": "for", "case": "case", "function": "name"}
"""What begins there that is no command: up to `do`, `in` …, or one word."""
_GRAMMAR = _RESERVED | set(_SKIPPED) | {"esac"}
_TOKEN = re.compile(
    r"(?P<space>(?:[ \t\r]|\\\n)+)"
    r"|(?P<newline>\n)"
    r"|(?P<redirect>\d*(?:<<-?(?!<)|<<<|>>|>\||>&|<&|<>|>(?!\()|<(?!\())|&>>?)"
    r"|(?P<operator>&&|\|\||\|&|;;&|;;|;&|[;|&()])"
)  # fmt: skip
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_VALUED = {
    "sudo": frozenset("ugCDhpRrTt"), "doas": frozenset("uC"), "xargs": frozenset("adEIiLlnPs"),
    "nice": frozenset("n"), "timeout": frozenset("ks"), "env": frozenset("uCS"),
    "ionice": frozenset("cnp"),
}  # fmt: skip
_WRAPPERS = {"sudo": 0, "doas": 0, "env": 0, "exec": 0, "command": 0, "nohup": 0, "nice": 0,
    "ionice": 0,
             "xargs": 0, "timeout": 1, "gosu": 1, "su-exec": 1, "chroot": 1, "eatmydata": 0,
             "builtin": 0, "retry": 0, "catchsegv": 0, "setarch": 1, "tini": 0}  # fmt: skip
"""Commands that run another, with how many arguments come before it."""


class Redirect(Struct, frozen=True, gc=False):
    """Where a command's input comes from, or its output goes to."""

    operator: str
    """`>`, `>>`, `<<` …, without the number of the descriptor."""
    target: str
    """A file; the text of a here-document."""
    start: int = 0


class Command(Struct, frozen=True, gc=False):
    """One simple command."""

    words: tuple[Word, ...]
    """The program and its arguments; never empty."""
    start: int
    end: int
    assignments: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    pipeline: int = 0
    """Those of one pipeline have one number, in order."""
    ends: str = ""
    """The operator after it: `|`, `&&`, …"""
    wrappers: tuple[str, ...] = ()
    """What it is run through: sudo, env …"""
    within: str = ""
    """The program whose arguments its output becomes: `sh` of `sh -c "$(curl …)"`."""
    exact: bool = True
    """Whether its offsets are those of its words; else they are of the string that holds it."""

    @property
    def name(self) -> str:
        """The program, without its folder."""
        return self.words[0].text.rpartition("/")[2]

    @property
    def args(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.words[1:])


def commands(script: str) -> list[Command]:
    """Return the commands of a script in the order they are written."""
    return _Reader(script, 0, 0, count(), exact=True).read()


def of_words(listed: tuple[str, ...]) -> list[Command]:
    """Return the command of an exec form, and those of the script that it gives to a shell."""
    found = tuple(Word(text, 0, 0, True) for text in listed)
    if not found:
        return []
    reader = _Reader("", 0, 0, count(), exact=False)
    return list(reader.whole(Command(found, 0, 0, exact=False)))


class _Reader:
    def __init__(
        self,
        text: str,
        base: int,
        depth: int,
        numbers: Iterator[int],
        *,
        exact: bool,
        within: str = "",
    ) -> None:
        self._text = text
        self._base = base
        self._depth = depth
        self._numbers = numbers
        self._exact = exact
        self._within = within
        self._found: list[Command] = []
        self._words: list[Word] = []
        self._redirects: list[Redirect] = []
        self._inner: list[tuple[int, int]] = []
        self._pending: list[tuple[str, bool]] = []
        self._skipping = ""
        self._cases = 0
        self._pipeline = next(numbers)
        self._redirect = ("", 0)

    def read(self) -> list[Command]:
        at = 0
        while at < len(self._text):
            match = _TOKEN.match(self._text, at)
            if not match:
                at = self._comment(at) if self._text[at] == "#" else self._word(at)
                continue
            at = match.end()
            if match.lastgroup == "newline":
                self._operator("\n")
                at = self._heredocs(at)
            elif match.lastgroup == "operator":
                self._operator(match[0])
            elif match.lastgroup == "redirect":
                self._redirect = (match[0].lstrip("0123456789"), match.start())
        self._finish("")
        return self._found

    def _comment(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end

    def _word(self, at: int) -> int:
        end, inner = extent(self._text, at)
        raw = self._text[at:end]
        text = unquoted(raw)
        word = Word(text, at, end, text != raw)
        operator, start = self._redirect
        if operator:
            self._redirect = ("", 0)
            if operator.startswith("<<") and operator != "<<<":
                self._pending.append((text, operator == "<<-"))
            else:
                self._redirects.append(Redirect(operator, text, start))
            self._inner += inner
        elif not self._skip(word):
            self._words.append(word)
            self._inner += inner
        return end

    def _skip(self, word: Word) -> bool:
        """Tell whether a word is of the shell's grammar, not of a command."""
        text = "" if word.quoted else word.text
        if self._skipping == "name":
            self._skipping = ""
            return True
        if self._skipping:
            if text in ("in", "do") and self._skipping != "pattern":
                self._skipping = "pattern" if self._skipping == "case" else "list" * (text == "in")
            elif self._skipping == "pattern" and text == "esac":
                self._skipping, self._cases = "", self._cases - 1
            return True
        if self._words or text not in _GRAMMAR:
            return False
        self._skipping = _SKIPPED.get(text, "")
        self._cases = max(0, self._cases + (text == "case") - (text == "esac"))
        return True

    def _operator(self, operator: str) -> None:
        if self._skipping:
            ends = (")",) if self._skipping in ("pattern", "array") else (";", "\n")
            if operator in ends:
                self._skipping = ""
            return
        if operator == "(" and _ASSIGNMENT.match(self._words[-1].text if self._words else ""):
            self._skipping = "array"
            return
        if operator == "(" and len(self._words) == 1:
            self._words.clear()  # the name of a function
            return
        self._finish(operator)
        if operator not in ("|", "|&", ")", "("):
            self._pipeline = next(self._numbers)
        if self._cases and operator in (";;", ";&", ";;&"):
            self._skipping = "pattern"

    def _heredocs(self, at: int) -> int:
        """Take the here-documents that the line before announced."""
        for name, tabs in self._pending:
            start = at
            body: list[str] = []
            while at < len(self._text):
                end = self._text.find("\n", at)
                end = len(self._text) if end < 0 else end
                line = self._text[at:end]
                at = min(end + 1, len(self._text))
                if (line.lstrip("\t") if tabs else line).rstrip("\r") == name:
                    break
                body.append(line + "\n")
            if self._found:
                last = self._found[-1]
                text = "".join(body)
                given = (*last.redirects, Redirect("<<", text, self._at(start)))
                self._found[-1] = replace(last, redirects=given)
                if last.name in SHELLS and not last.args:
                    self._found += self._nested(text, start, exact=self._exact)
        self._pending.clear()
        return at

    def _finish(self, operator: str) -> None:
        read, inner, redirects = self._words, self._inner, self._redirects
        self._words, self._inner, self._redirects = [], [], []
        if not read and not redirects and not inner:
            return
        first = 0
        while first < len(read) and _ASSIGNMENT.match(read[first].text):
            first += 1
        self._substituted(read[first:], inner)
        if not read:
            return
        assignments = tuple(self._moved(word) for word in read[:first])
        found = tuple(self._moved(word) for word in read[first:])
        if not found:
            nothing = Word(":", assignments[0].start, assignments[0].start)
            start, end = assignments[0].start, assignments[-1].end
            self._found.append(Command((nothing,), start, end, assignments, exact=self._exact))
            return
        start, end = self._at(read[0].start), self._at(read[-1].end)
        made = Command(
            found, start, end, assignments, tuple(redirects), self._pipeline, operator,
            (), self._within, self._exact,
        )  # fmt: skip
        self._found += self.whole(made)

    def _substituted(self, words: list[Word], inner: list[tuple[int, int]]) -> None:
        """Read the substitutions of a command; those of a script are read with the script."""
        script = _script(Command(tuple(words), 0, 0)) if words else None
        if script is not None and not _is_output(script.text):
            return
        host = words[0].text.rpartition("/")[2] if words else ""
        for start, end in inner:
            text = self._text[start:end]
            self._found += self._nested(text, start, host or "=", exact=self._exact)

    def _at(self, offset: int) -> int:
        return self._base + offset if self._exact else self._base

    def _moved(self, word: Word) -> Word:
        return Word(word.text, self._at(word.start), self._at(word.end), word.quoted)

    def _nested(
        self,
        text: str,
        start: int,
        within: str = "",
        *,
        exact: bool,
    ) -> list[Command]:
        if self._depth >= _DEEPEST:
            return []
        at, depth = self._at(start), self._depth + 1
        return _Reader(text, at, depth, self._numbers, exact=exact, within=within).read()

    def whole(self, command: Command) -> Iterator[Command]:
        """Yield a command without what it is run through, and those of a script it is given."""
        command = _unwrapped(command)
        yield command
        if command.name == "find":
            yield from _executed(command)
        script = _script(command)
        if script is not None and self._depth < _DEEPEST and not _is_output(script.text):
            simple = script.end - script.start == len(script.text) + 2
            exact = command.exact and simple
            base = script.start + 1 if exact else script.start
            yield from _Reader(
                script.text, base, self._depth + 1, self._numbers, exact=exact
            ).read()


def _unwrapped(command: Command) -> Command:
    words, assignments, wrappers = command.words, list(command.assignments), []
    while (name := words[0].text.rpartition("/")[2]) in _WRAPPERS:
        if name == "command" and len(words) > 1 and words[1].text in ("-v", "-V"):
            break  # it asks whether there is such a program
        at = _after_options(words, _VALUED.get(name, frozenset()))
        while at < len(words) and _ASSIGNMENT.match(words[at].text):
            assignments.append(words[at])
            at += 1
        at += _WRAPPERS[name]
        if at >= len(words):
            break
        wrappers.append(name)
        words = words[at:]
    if not wrappers:
        return command
    return replace(command, words=words, assignments=tuple(assignments), wrappers=tuple(wrappers))


def _executed(command: Command) -> Iterator[Command]:
    """Yield what find(1) runs."""
    texts = [word.text for word in command.words]
    for option in ("-exec", "-execdir", "-ok"):
        if option in texts:
            first = texts.index(option) + 1
            ends = (at for at in range(first, len(texts)) if texts[at] in (";", "+"))
            if words := command.words[first : next(ends, len(texts))]:
                yield replace(command, words=words, redirects=(), assignments=())


def _is_output(script: str) -> bool:
    """Tell whether a script is what another command prints."""
    return script.startswith(("$(", "`", "<("))


def _after_options(words: tuple[Word, ...], valued: frozenset[str]) -> int:
    at = 1
    while at < len(words) and words[at].text.startswith("-") and words[at].text != "-":
        text = words[at].text
        at += 1 + (not text.startswith("--") and text[-1] in valued)
        if text == "--":
            break
    return at


def _script(command: Command) -> Word | None:
    """Return the script that a shell is given as an argument."""
    words = command.words
    if command.name in SHELLS or command.name == "su":
        for at in range(1, len(words) - 1):
            if re.fullmatch(r"-[a-zA-Z]*c|--command", words[at].text):
                return words[at + 1]
            if command.name != "su" and not words[at].text.startswith(("-", "+")):
                if words[at - 1].text.endswith("o"):  # of `-o pipefail`
                    continue
                break
    if command.name == "eval" and len(words) == 2:
        return words[1]
    return None
