"""`pratique fix`."""

from __future__ import annotations

import argparse

from pratique.cli.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("fs", "image"),
                        help="fs: a project; image: an image, by its Dockerfile")  # fmt: skip
    parser.add_argument("target", metavar="TARGET", nargs="?", help="a directory, or an image")
    parser.add_argument("--context", metavar="DIR", default="",
                        help="what it is built from (else the Dockerfile's folder)")  # fmt: skip
    parser.add_argument("--diff", action="store_true", help="print the changes as a patch")
    parser.add_argument("--patch", metavar="FILE", help="write the changes as a patch to FILE")
    parser.add_argument("--write", action="store_true", help="make the changes, all or none")
    parser.add_argument("--branch", metavar="NAME", help="commit the changes on a new branch; with "
                        "--pr or --group, how its branches start")  # fmt: skip
    parser.add_argument(
        "--test",
        metavar="COMMAND",
        help="run this after --write or --branch; where it fails, all is put back",
    )
    parser.add_argument("--without", metavar="NAME", action="append", default=[],
                        help="leave a package as it is; may be repeated")  # fmt: skip
    parser.add_argument(
        "--up-to",
        choices=("patch", "minor", "major"),
        default="major",
        help="how far versions may go (default major)",
    )
    parser.add_argument(
        "--habits",
        action="store_true",
        help="bring Dockerfiles to better habits as well: a user, stages, what checks can mend",
    )
    parser.add_argument("--pr", choices=("github", "gitlab"),
                        help="push the changes and open or renew a pull request")  # fmt: skip
    parser.add_argument("--group", choices=("all", "package", "severity", "path"), default="all",
                        help="a branch or request for each (default: one for all)")  # fmt: skip
    parser.add_argument("--pr-base", metavar="BRANCH", default="",
                        help="what requests go into (default: what is checked out)")  # fmt: skip
    parser.add_argument("--remote", metavar="NAME", default="origin",
                        help="where branches are pushed to (default origin)")  # fmt: skip
    parser.add_argument("--label", action="append", default=[], metavar="NAME",
                        help="a label of new requests; may be repeated")  # fmt: skip
    parser.add_argument("--draft", action="store_true", help="open requests as drafts")
    parser.add_argument("--allow-builds", action="store_true",
                        help="let pip and uv build packages that have no wheel to know what they "
                        "need, which runs their code")  # fmt: skip
    parser.add_argument("--base", metavar="KIND|TAG|REF", default="",
                        help="take this base: patch, minor, slim, suite, alpine, major, "
                        "distroless, hardened, a tag of its repository, or another "
                        "image")  # fmt: skip
    parser.add_argument("--candidates", action="store_true",
                        help="scan the bases that could take its place, compare them")  # fmt: skip
    parser.add_argument("--no-verify", dest="verify", action="store_false",
                        help="do not scan again what --write wrote")  # fmt: skip
    parser.add_argument("--builder", choices=("buildah", "docker"), default="",
                        help="build the changed Dockerfile and scan that image")  # fmt: skip
    parser.add_argument("--images", action="store_true",
                        help="images that Kubernetes, Compose, Kustomize and Helm files and "
                        "Dockerfiles name, too")  # fmt: skip
    parser.add_argument("--pin", action="store_true", help="pin base images by digest as well")
    parser.add_argument("--ids", action="store_true",
                        help="print which flaws each change removes")  # fmt: skip
    parser.add_argument("--markdown", metavar="FILE", default="",
                        help="write the plan to FILE for a comment or a request")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the plan for programs")


command = Command(
    "fix",
    "plan changes that remove findings, try them in a copy, show or make them",
    "pratique.cli.fix",
    _arguments,
)
