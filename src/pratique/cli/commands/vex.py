"""`pratique vex`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["lint"], help="lint: say which statements match nothing")
    parser.add_argument("documents", nargs="+", metavar="DOCUMENT", help="VEX documents or folders")
    parser.add_argument("--report", required=True, metavar="FILE",
                        help="a JSON report of the image that they are about")  # fmt: skip


command = Command(
    "vex", "check VEX documents against a saved report", "pratique.cli.vex", _arguments
)
