"""`pratique clean`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-a", "--all", action="store_true", help="advisories too")


command = Command(
    "clean", "remove what is kept of scanned layers (--all: advisories too)",
    "pratique.cli.clean", _arguments,
)  # fmt: skip
