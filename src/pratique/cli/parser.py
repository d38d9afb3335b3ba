"""Turn words of the command line into what is asked for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any, NoReturn

from msgspec import Struct

from pratique.cli.command import Command, every, named
from pratique.config import read_file, settings
from pratique.errors import UsageError
from pratique.model.settings import Settings
from pratique.options import OPTIONS, Option

# of Trivy's, with nothing to do here: scripts that pass them keep working
_ACCEPTED = ("--skip-version-check", "--disable-telemetry", "--skip-java-db-update",
             "--skip-check-update", "--debug", "-d", "--dependency-tree",
             "--skip-vex-repo-update")  # fmt: skip
_ACCEPTED_WITH_VALUE = ("--java-db-repository", "--checks-bundle-repository", "--cache-backend",
                        "--cache-ttl", "--parallel",
                        "--table-mode")  # fmt: skip


class Asked(Struct, frozen=True):
    """A command, what it is to work on, and how."""

    command: Command
    target: str
    settings: Settings
    words: dict[str, Any]
    """Arguments that only this command has."""


def parse(words: Sequence[str]) -> Asked:
    """Return what is asked for; raise UsageError for nonsense, SystemExit(0) for `--help`."""
    words, stated = _without_values(_command_first(words))
    parser = _parser(words[0] if words else "")
    known = vars(parser.parse_args(words)) | stated
    if not known.get("command"):
        parser.print_help()
        raise SystemExit(0)
    chosen = settings(known, os.environ, read_file(known.get("config") or ""))
    target = known.get("target") or ""
    command = named(known["command"])
    assert command, "argparse knows no other"
    if command.name == "image" and bool(target) == bool(chosen.input):
        raise UsageError("name an image, or give one with --input, not both"
                         if target else "name an image, or give one with --input FILE")  # fmt: skip
    return Asked(command, target, chosen, known)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"try `{self.prog} --help`")


def _parser(asked: str) -> argparse.ArgumentParser:
    """Return the parser, with the options of the command that is asked for: each costs 20 µs."""
    parser = _Parser(
        prog="pratique",
        description="Says what is in a container image, what is wrong with it, and what to change.",
        epilog="Exit status: 0 done, 2 usage, 3 image not to be had, 4 unreadable input, "
        "5 advisories missing, 6 a limit was hit, 70 a bug; findings: --exit-code.",
    )
    parser.add_argument("-v", "--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=_Parser, prog="pratique"
    )
    one = named(asked)
    for command in (one,) if one else every():
        sub = commands.add_parser(
            command.name, help=command.summary, description=command.summary,
            aliases=command.aliases, allow_abbrev=False,
        )  # fmt: skip
        if command is one:
            _options(sub, command)
    return parser


def _options(sub: argparse.ArgumentParser, command: Command) -> None:
    sub.add_argument("-c", "--config", metavar="FILE", help="configuration (pratique.yaml)")
    command.arguments(sub)
    for option in OPTIONS:
        if {command.name, command.like} & set(option.commands.split()):
            _add(sub, option)
    for flag in _ACCEPTED:
        sub.add_argument(flag, action="store_true", help=argparse.SUPPRESS)
    for flag in _ACCEPTED_WITH_VALUE:
        sub.add_argument(flag, help=argparse.SUPPRESS)


def _add(sub: argparse.ArgumentParser, option: Option) -> None:
    names = [name for name in (option.short, option.flag, *option.aliases) if name]
    shown: Any = {"dest": option.field, "help": option.help.replace("%", "%%")}
    if option.is_list:
        sub.add_argument(*names, metavar=option.metavar, action="append", **shown)
    elif option.metavar:
        sub.add_argument(*names, metavar=option.metavar, **shown)
    else:
        sub.add_argument(*names, action="store_const", const=True, **shown)


def _command_first(words: Sequence[str]) -> list[str]:
    """Put options that stand before the command behind it: `-q image x` is `image -q x`."""
    with_value = {name for o in OPTIONS if o.metavar for name in (o.short, o.flag, *o.aliases)}
    with_value |= {"-c", "--config", *_ACCEPTED_WITH_VALUE}
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in with_value else 1
    if at in (0, len(words)) or named(words[at]) is None:
        return list(words)
    return [words[at], *words[:at], *words[at + 1 :]]


def _without_values(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Take `--switch=false` out of the words: to argparse a switch has no value."""
    switches = {name: o.field for o in OPTIONS if not o.metavar for name in (o.flag, *o.aliases)}
    kept: list[str] = []
    stated: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in switches:
            stated[switches[name]] = value
        elif not (equals and name in _ACCEPTED):
            kept.append(word)
    return kept, stated
