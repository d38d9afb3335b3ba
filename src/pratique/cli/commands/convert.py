"""`pratique convert`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE", help="a JSON report, of Pratique or of Trivy")


command = Command(
    "convert",
    "write a saved JSON report in another format",
    "pratique.cli.convert",
    _arguments,
)
