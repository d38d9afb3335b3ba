"""`pratique image`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="REF", nargs="?", help="such as alpine:3.20")


command = Command(
    "image", "scan a container image: REF in a registry, or --input FILE",
    "pratique.cli.scan", _arguments, aliases=("i",),
)  # fmt: skip
