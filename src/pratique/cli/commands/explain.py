"""`pratique explain`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="CVE-2021-44228, GHSA-…, ALSA-…, DEBIAN-CVE-…")
    parser.add_argument("--image", dest="target", metavar="REF",
                        help="say why this image has it or not (or --input FILE)")  # fmt: skip


command = Command(
    "explain", "all that is known of a flaw; --image: why it is found there, or why not",
    "pratique.cli.explain", _arguments,
)  # fmt: skip
