"""DF-0033: downloads without a checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.calls import is_download, urls
from pratique.codecs.dockerfile.run import Run, Step
from pratique.model.check import Check, Failure

_PROGRAM = re.compile(
    r"\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|deb|rpm|apk|jar|war|whl|gem|run|bin|exe|msi|AppImage|sh|so|phar|gz|xz|bz2|zst)"
    r"(?:[?#].*)?$|/releases/(?:latest/)?download/",
    re.IGNORECASE,
)
_VERIFIERS = re.compile(
    r"(?:sha\d*|md5|b2|b3|gsha\d*)sums?|shasum|gpgv?2?|cosign|minisign|signify|openssl|rpmkeys|gh|slsa-verifier|sq"
)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for run in stage.runs:
            if any(_verifies(step) for step in run.steps):
                continue
            for step in run.steps:
                if is_download(step.command) and (url := _program(stage, run, step)):
                    message = f"{url[:120]} is used, and nothing verifies it"
                    yield Failure(message, step.start, step.end)


def _program(stage: Stage, run: Run, step: Step) -> str:
    """Return the URL of a program or an archive that is kept, not run at once: that is DF-0031."""
    if step.command.within or _feeds_shell(run, step):
        return ""
    for word in urls(step.command):
        url = stage.expanded(run.instruction, word.text)
        if _PROGRAM.search(url):
            return url
    return ""


def _feeds_shell(run: Run, step: Step) -> bool:
    after = run.steps[run.steps.index(step) + 1 :]
    return any(
        one.command.name in ("sh", "bash", "ash", "dash", "zsh")
        for one in after
        if one.command.pipeline == step.command.pipeline
    )


def _verifies(step: Step) -> bool:
    name, args = step.command.name, step.command.args
    if not _VERIFIERS.fullmatch(name):
        return False
    if name.startswith("gpg") and name != "gpgv":
        return (
            any(arg.startswith(("--verify", "--decrypt", "--batch")) for arg in args)
            and "--dearmor" not in args
        )
    return name not in ("openssl", "gh") or bool({"dgst", "attestation"} & set(args))


check = Check(
    "DF-0033",
    "A program is downloaded without verifying it",
    "Whoever can change the file on its server, or moves its tag, decides what is in the image.",
    "MEDIUM",
    "Compare with a checksum that stands in the Dockerfile (echo '… file' | sha256sum -c), or ADD "
    "--checksum=sha256:… URL.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#add---checksum",),
)
