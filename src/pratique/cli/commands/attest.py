"""`pratique attest`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="REF", help="an image in a registry")
    parser.add_argument("--key", metavar="FILE", default="",
                        help="private key (cosign's, or PEM); without one, keyless")  # fmt: skip
    parser.add_argument("--type", metavar="TYPE", default="vuln",
                        help="vuln (default), cyclonedx, spdxjson, openvex, custom, or an address "
                        "https://…")  # fmt: skip
    said = parser.add_mutually_exclusive_group()
    said.add_argument("--predicate", metavar="FILE", default="", help="what is attested")
    said.add_argument("--report", metavar="FILE", default="",
                      help="a JSON report of the image; without both it is scanned")  # fmt: skip
    parser.add_argument("--replace", action="store_true",
                        help="in place of earlier ones of this type")  # fmt: skip
    parser.add_argument("--identity-token", metavar="TOKEN", default="",
                        help="keyless: an OpenID Connect token, where none is ambient")  # fmt: skip


command = Command(
    "attest", "sign what was found in an image, and attach it in its registry",
    "pratique.cli.attest", _arguments, like="image",
)  # fmt: skip
