"""The command line: flags, printing, and each error as one line and an exit status."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

from pratique.errors import PratiqueError

_OF_A_BUG = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    # a scan makes many small records and hardly a cycle: collecting often costs 5 % of it
    gc.set_threshold(200_000, 20, 20)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words in (["--version"], ["-v"], ["version"]):
        return _version()
    try:
        return _run(words)
    except (Exception, KeyboardInterrupt) as error:  # a user gets a line and a status
        if {"--debug", "-d"} & set(words):
            raise
        return _ended_by(error)


def _run(words: list[str]) -> int:
    from pratique.cli.parser import parse  # noqa: PLC0415 - so that --version imports nothing

    asked = parse(words)
    status: int = import_module(asked.command.does).run(asked)
    return status


def _ended_by(error: BaseException) -> int:
    """Say in a line what went wrong; return the exit status for it."""
    match error:
        case PratiqueError():
            return _explain(error)
        case KeyboardInterrupt():
            return _say("interrupted", 130)
        case BrokenPipeError():
            return _pipe_closed()
        case MemoryError():
            return _say("out of memory", 6)
        case _:
            return _confess(error)


def _version() -> int:
    from pratique import __version__  # noqa: PLC0415

    print(f"pratique {__version__}")
    return 0


def _explain(error: PratiqueError) -> int:
    status = _say(error.message, error.exit_status)
    if error.hint:
        print(f"          {error.hint}", file=sys.stderr)
    return status


def _confess(error: BaseException) -> int:
    """Say that this is a bug of ours; the traceback is for whoever asks for it."""
    status = _say(f"a bug: {type(error).__name__}: {error}", _OF_A_BUG)
    print("          run it again with --debug, and please report what it prints", file=sys.stderr)
    return status


def _say(text: str, status: int) -> int:
    line = " ".join(text.split())
    print(f"pratique: {line}", file=sys.stderr)
    return status


def _pipe_closed() -> int:
    """Whoever read the report has enough: not an error, and nothing more to write."""
    import os  # noqa: PLC0415

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
