"""`pratique triage`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="REPORT", help="a JSON report of what it is about")
    parser.add_argument("--id", metavar="ID", default="", help="the flaw, by any of its ids")
    parser.add_argument("--package", metavar="GLOB", default="",
                        help="in these packages alone: name or name@version")  # fmt: skip
    parser.add_argument("--status", metavar="STATUS", default="",
                        help="not_affected, affected, fixed, under_investigation")  # fmt: skip
    parser.add_argument("--justification", metavar="WORD", default="",
                        help="of not_affected: vulnerable_code_not_in_execute_path …")  # fmt: skip
    parser.add_argument("--impact", metavar="TEXT", default="", help="the same in words")
    parser.add_argument("--action", metavar="TEXT", default="", help="of affected: what to do")
    parser.add_argument("--author", metavar="NAME", default="",
                        help="who decides (default: the document's, git's user)")  # fmt: skip
    parser.add_argument("--every-build", action="store_true",
                        help="of any image of the repository, whatever its digest")  # fmt: skip
    parser.add_argument("-f", "--format", dest="written_as", default="openvex",
                        choices=("openvex", "csaf"), help="openvex (default) or csaf")  # fmt: skip
    parser.add_argument("-o", "--output", dest="document", metavar="FILE", default="",
                        help="the document; one that is there is added to")  # fmt: skip
    parser.add_argument("--attach", metavar="REF", default="",
                        help="attest it of this image as well")  # fmt: skip
    parser.add_argument("--key", metavar="FILE", default="", help="private key, for --attach")
    parser.add_argument("--identity-token", metavar="TOKEN", default="", help=argparse.SUPPRESS)


command = Command(
    "triage", "write a decision about a finding down as VEX", "pratique.cli.triage", _arguments
)
