"""`pratique db`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command

_ACTIONS = ("update", "info", "push", "pull", "export", "import")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS)
    place = "push, pull: oci://registry/repository:tag; export, import: a file"
    parser.add_argument("target", nargs="?", metavar="PLACE", help=place)
    parser.add_argument("--ecosystem", action="append", metavar="NAME", default=[],
                        help="also this one: PyPI, Debian:12, CVE:2024 (repeatable)")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="pull: every shard that is there")
    older = "pull, import: also older shards; push: over what is no database"
    parser.add_argument("--force", action="store_true", help=older)
    signed = "push, export: sign it with this private key (cosign's, or PEM)"
    parser.add_argument("--sign-key", metavar="FILE", help=signed)


command = Command("db", "the advisory database: update, info, push, pull, export, import",
                  "pratique.cli.db", _arguments)  # fmt: skip
