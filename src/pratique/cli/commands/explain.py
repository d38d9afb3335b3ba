"""`pratique explain`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id",
        metavar="ID",
        help="CVE-2021-44228, GHSA-…, ALSA-…, DEBIAN-CVE-…; DF-0002, DS-0002, KSV-0012",
    )
    parser.add_argument("--image", dest="target", metavar="REF",
                        help="say why this image has it or not (or --input FILE)")  # fmt: skip


command = Command(
    "explain", "all that is known of a flaw or a check; --image: why it is found there, or not",
    "pratique.cli.explain", _arguments,
)  # fmt: skip
