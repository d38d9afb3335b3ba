"""`pratique config`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="PATH", nargs="?", help="a directory, or one file")
    parser.add_argument(
        "--list-checks",
        action="store_true",
        help="list the checks (with -f json: all that is known of them)",
    )
    parser.add_argument("--diff", action="store_true",
                        help="print what can be mended mechanically, as a patch")  # fmt: skip


command = Command(
    "config",
    "check Dockerfiles, Kubernetes manifests, Helm charts and Compose files",
    "pratique.cli.configuration",
    _arguments,
    aliases=("conf",),
)
