"""`pratique db`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("update", "info"))
    parser.add_argument("--ecosystem", action="append", metavar="NAME", default=[],
                        help="also this one: PyPI, Debian:12, CVE:2024 (repeatable)")  # fmt: skip


command = Command("db", "the advisory database: update, info", "pratique.cli.db", _arguments)
