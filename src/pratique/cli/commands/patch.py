"""`pratique patch`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="REF", nargs="?", help="such as debian:12-slim")
    parser.add_argument(
        "-t",
        "--tag",
        dest="patch_tag",
        metavar="NEW",
        required=True,
        help="name of the patched image; it is pushed there unless -o says else",
    )
    parser.add_argument(
        "-o",
        "--to",
        dest="patch_to",
        metavar="KIND=PATH",
        default="",
        help="write archive=FILE (docker load) or layout=FOLDER (OCI), push nothing",
    )
    parser.add_argument(
        "--mirror",
        dest="patch_mirrors",
        metavar="URL",
        action="append",
        default=[],
        help="get packages here: 'URL SUITE COMPONENT…', or a URL that holds the "
        "image's archives by their paths; may be repeated",
    )
    parser.add_argument(
        "--keyring",
        dest="patch_keyrings",
        metavar="FILE",
        action="append",
        default=[],
        help="trust these keys of repositories as well as the image's",
    )
    parser.add_argument("--app", dest="patch_app", action="store_true",
                        help="patch packages of Python, Node and Java as well")  # fmt: skip
    parser.add_argument("--up-to", dest="patch_up_to", choices=("patch", "minor", "major"),
                        default="minor", help="how far these may go (default minor)")  # fmt: skip
    parser.add_argument("--builder", dest="patch_builder", choices=("buildah", "docker"),
                        default="", help="have an engine build it, which runs the "
                        "distribution's own programs")  # fmt: skip
    parser.add_argument("--key", dest="patch_key", metavar="FILE", default="",
                        help="private key (cosign's, or PEM) that signs the provenance and the "
                        "SBOM of the patched image")  # fmt: skip
    parser.add_argument("--no-attestations", dest="patch_states", action="store_false",
                        help="write neither")  # fmt: skip
    parser.add_argument("--json", dest="patch_json", action="store_true",
                        help="say what was done as JSON")  # fmt: skip


command = Command(
    "patch", "make a patched image: fixed system packages in a new layer, no engine needed",
    "pratique.cli.patch", _arguments,
)  # fmt: skip
