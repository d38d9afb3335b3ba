"""`pratique policy`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["show", "test", "schema"],
                        help="show: print the gates; test: run a team's own tests of a policy; "
                        "schema: print the JSON schema of pratique.yaml")  # fmt: skip
    parser.add_argument("target", nargs="?", metavar="POLICY|TESTS",
                        help="a ready policy or a file (default: pratique.yaml)")  # fmt: skip


command = Command(
    "policy", "show or test the gates that reports are held to", "pratique.cli.policy", _arguments
)
