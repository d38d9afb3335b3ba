"""`pratique compare`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="A", help="an image, an archive, a directory, an SBOM "
                        "or a saved JSON report")  # fmt: skip
    parser.add_argument("other", metavar="B", help="what to compare it with, of any of these kinds")
    parser.add_argument("-f", "--format", dest="written_as", metavar="FORMAT", default="table",
                        choices=("table", "json", "markdown"),
                        help="how the comparison is written: table, json, markdown")  # fmt: skip


command = Command(
    "compare", "what changed from A to B: packages, findings, layers", "pratique.cli.compare",
    _arguments, aliases=("diff",),
)  # fmt: skip
