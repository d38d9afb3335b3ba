"""`pratique config`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="PATH", help="a directory, or one file")


command = Command(
    "config",
    "check Dockerfiles, Kubernetes manifests, Helm charts and Compose files",
    "pratique.cli.scan",
    _arguments,
    aliases=("conf",),
)
