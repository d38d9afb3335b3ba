"""`pratique verify`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="REF", help="an image in a registry")
    parser.add_argument("--key", metavar="FILE", dest="attestation_key",
                        help="public key (PEM); without one, keyless")  # fmt: skip
    parser.add_argument("--type", metavar="TYPE", default="vuln",
                        help="what must be attested: vuln (default), cyclonedx, spdxjson, openvex, "
                        "custom, or an address https://…")  # fmt: skip
    parser.add_argument("--certificate-identity", metavar="WHO", default="",
                        help="keyless: whose signature: an address, a workflow")  # fmt: skip
    parser.add_argument("--certificate-oidc-issuer", metavar="URL", default="",
                        help="keyless: who vouched for that identity")  # fmt: skip


command = Command(
    "verify", "check what is attested of an image, and hold it to the policy",
    "pratique.cli.verify", _arguments, like="convert",
)  # fmt: skip
