"""`pratique sbom`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE", help="an SBOM, - for standard input")


command = Command("sbom", "scan what an SBOM describes", "pratique.cli.scan", _arguments)
