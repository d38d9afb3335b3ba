"""`pratique db`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command

_ACTIONS = ("update", "info", "verify", "push", "pull", "export", "import")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS)
    place = "push, pull: oci://registry/repository:tag; export, import: a file"
    parser.add_argument("target", nargs="?", metavar="PLACE", help=place)
    parser.add_argument("--ecosystem", action="append", metavar="NAME", default=[],
                        help="this one: PyPI, Debian:12, CVE:2024 (repeatable; default: those "
                        "that are here)")  # fmt: skip
    every = "update: every shard that feeds offer; pull: every one that is there"
    parser.add_argument("--all", action="store_true", help=every)
    force = "update: take shards that lost many records; pull, import: older ones; push: anyway"
    parser.add_argument("--force", action="store_true", help=force)
    parser.add_argument("--diff", metavar="FILE", help="update: write what changed, as JSON")
    signed = "push, export: sign it with this private key (cosign's, or PEM)"
    parser.add_argument("--sign-key", metavar="FILE", help=signed)


command = Command(
    "db", "the advisory database: " + ", ".join(_ACTIONS), "pratique.cli.db", _arguments
)
