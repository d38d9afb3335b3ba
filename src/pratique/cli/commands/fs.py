"""`pratique fs`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="DIR")


command = Command(
    "fs",
    "scan a project directory by its lock files",
    "pratique.cli.scan",
    _arguments,
    aliases=("filesystem",),
)
