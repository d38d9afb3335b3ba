"""`pratique ci`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["init"], help="init: write a pipeline")
    parser.add_argument("target", metavar="SYSTEM", help="github, gitlab, jenkins, azure, "
                        "circleci, bitbucket, tekton, drone or pre-commit")  # fmt: skip
    parser.add_argument("--name", metavar="IMAGE", default="app:ci",
                        help="the name to build the image under (default app:ci)")  # fmt: skip
    parser.add_argument("--file", metavar="FILE", default="",
                        help="the Dockerfile (default: the one that is found)")  # fmt: skip
    parser.add_argument("--context", metavar="DIR", default=".", help="the build's context")
    parser.add_argument("--policy", metavar="POLICY", default="default",
                        help="default, strict, pci, cis, or a file")  # fmt: skip
    parser.add_argument("--fix", action="store_true",
                        help="write a scheduled job that opens requests for fixes instead "
                        "(github, gitlab)")  # fmt: skip
    parser.add_argument("--group", choices=("all", "package", "severity", "path"),
                        default="package",
                        help="with --fix: a request for each (default package)")  # fmt: skip
    parser.add_argument("--stdout", action="store_true", help="print it, write no file")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


command = Command(
    "ci", "write a pipeline that builds, scans and fails by the policy", "pratique.cli.ci",
    _arguments,
)  # fmt: skip
