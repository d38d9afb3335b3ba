"""Lua rocks: those that LuaRocks installed, and those that it locked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_STRING = r"""(?:"([^"\n]*)"|'([^'\n]*)'|\[\[([^\]\n]*)\]\])"""
_ASSIGNED = r"(?m)^\s*{}\s*=\s*" + _STRING
_INTERPRETER = "lua"
_SECTION = re.compile(r"^\s*(\w+)\s*=\s*\{")
_LOCKED = re.compile(r"""^\s*(?:\["([^"]+)"\]|(\w+))\s*=\s*"([^"]+)",?""")


def _installed(file: File) -> Iterator[Package]:
    """Read a rockspec (luarocks.org, rockspec format): a Lua program that assigns literals.

    The manifest of a tree of rocks repeats what their rockspecs say, which stay beside it.
    """
    text = file.read().decode("utf-8", "replace")
    name, version = (_literal(text, key) for key in ("package", "version"))
    if not name or not version:
        raise MalformedError("a rockspec without a literal name and version", file.path)
    named = _literal(text, "license")
    yield Package(
        file.path, "luarocks", "luarocks", name, version, licenses=(named,) if named else ()
    )


def _literal(text: str, key: str) -> str:
    match = re.search(_ASSIGNED.format(key), text)
    return next((group for group in match.groups() if group), "") if match else ""


def _locked(file: File) -> Iterator[Package]:
    """Read luarocks.lock: a table of names and versions for each kind of dependency."""
    section = ""
    text = file.read().decode("utf-8", "replace")
    if not re.match(r"\s*return\b", text):
        raise MalformedError("no lock file of LuaRocks", file.path)
    for number, line in enumerate(text.splitlines(), 1):
        if match := _SECTION.match(line):
            section = match[1]
        elif (
            section.endswith("dependencies")
            and (match := _LOCKED.match(line))
            and (name := match[1] or match[2]) != _INTERPRETER
        ):
            yield Package(
                    file.path, "luarocks-lock", "luarocks", name, match[3],
                    dev=section != "dependencies", line=number,
                )  # fmt: skip


luarocks = Analyzer("luarocks", 1, ("*.rockspec",), _installed)
luarocks_lock = Analyzer("luarocks-lock", 1, ("luarocks.lock",), _locked, reads="locked")
