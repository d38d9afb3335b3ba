"""`pratique rootfs`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="DIR")


command = Command("rootfs", "scan an unpacked root file system", "pratique.cli.scan", _arguments)
