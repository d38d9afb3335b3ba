"""The kind of part that the command line is made of."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from importlib import import_module

from msgspec import Struct

from pratique.plugins import load

_PACKAGE = "pratique.cli.commands"


def _nothing(_parser: argparse.ArgumentParser) -> None:
    return


class Command(Struct, frozen=True):
    """A word of the command line. Its module is imported to parse, so it imports nothing heavy."""

    name: str
    summary: str
    does: str
    """The module whose `run(asked)` does it and returns the exit status."""
    arguments: Callable[[argparse.ArgumentParser], None] = _nothing
    """Adds what only this command has."""
    aliases: tuple[str, ...] = ()
    like: str = ""
    """The command whose options it has as well."""


def every() -> tuple[Command, ...]:
    """Return all commands, in the order of the alphabet."""
    return load(_PACKAGE, Command)


def named(word: str) -> Command | None:
    """Return the command of that name or alias; the one asked for alone is imported for a name."""
    if word.isidentifier() and _is_module(word):
        found: Command = import_module(f"{_PACKAGE}.{word}").command
        return found
    return next((command for command in every() if word in command.aliases), None)


def _is_module(word: str) -> bool:
    folder = os.path.join(os.path.dirname(__file__), "commands")
    return not word.startswith("_") and os.path.exists(os.path.join(folder, f"{word}.py"))
