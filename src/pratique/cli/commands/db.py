"""`pratique db`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command

_ACTIONS = ("update", "info", "verify")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS)
    parser.add_argument("--ecosystem", action="append", metavar="NAME", default=[],
                        help="this one: PyPI, Debian:12, CVE:2024 (repeatable; default: those "
                        "that are here)")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="update: every shard that feeds offer")
    parser.add_argument("--force", action="store_true",
                        help="update: take shards that lost many records")  # fmt: skip
    parser.add_argument("--diff", metavar="FILE", help="update: write what changed, as JSON")


command = Command(
    "db", "the advisory database: " + ", ".join(_ACTIONS), "pratique.cli.db", _arguments
)
